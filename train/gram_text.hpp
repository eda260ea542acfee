// A text as training sees it: the buckets of its n-grams, and its windows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace guardrails::train {

/// What a head is asked about: windows of a text, or each of its sentences.
enum class text_cut : std::uint8_t { windows, sentences };

struct gram_text {
  struct window {
    std::uint32_t begin;
    std::uint32_t end;
  };

  std::vector<std::uint32_t> buckets;
  std::vector<window> windows; ///< ranges of `buckets`, never empty

  std::span<const std::uint32_t> in(window w) const {
    return std::span{buckets}.subspan(w.begin, w.end - w.begin);
  }
};

/// Reads a text as written, exactly as the heads will (checks/models/head_scorer.hpp).
gram_text read_grams(std::string_view text, text_cut cut, unsigned bucket_bits);

} // namespace guardrails::train
