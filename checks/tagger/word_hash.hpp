// The hashes by which the tagger knows words and features.
#pragma once

#include "checks/utf8.hpp"

#include <cstdint>
#include <string_view>

namespace guardrails::checks::tagger {

/// Mixes two hashes into one that is never 0; the order matters. Either half of the product, folded, as in
/// wyhash (Wang Yi); any odd numbers with many bits would do.
constexpr std::uint32_t mix(std::uint32_t a, std::uint32_t b) noexcept {
  const auto product = std::uint64_t{a ^ 0x9E3779B1U} * (b ^ 0x85EBCA77U);
  const auto folded = static_cast<std::uint32_t>(product ^ (product >> 32));
  return folded | (folded == 0 ? 1U : 0U);
}

/// Hash of a word, fed one case-folded code point after the other.
class word_hasher {
public:
  constexpr void add(char32_t folded) noexcept { state_ = (state_ ^ folded) * 16777619U; } // FNV-1a
  constexpr std::uint32_t value() const noexcept { return mix(state_, 0x27D4EB2FU); }

private:
  std::uint32_t state_ = 2166136261U;
};

/// Hash of a word that is folded already.
inline std::uint32_t hash_word(std::string_view folded) noexcept {
  word_hasher h;
  for (std::size_t at = 0; at < folded.size();) {
    const auto c = decode_at(folded, at);
    h.add(c.value);
    at += c.length;
  }
  return h.value();
}

} // namespace guardrails::checks::tagger
