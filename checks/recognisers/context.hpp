// The words before a hit, which make it likelier or unlikelier.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// Tokens looked at before a hit, as in Presidio's context enhancer, and the bytes searched for them at most.
inline constexpr std::size_t context_tokens = 5;
inline constexpr std::size_t context_bytes = 256;

/// Up to context_tokens words that stand before a place, case-folded, nearest first. Reading another place
/// takes no new memory.
class nearest_words {
public:
  nearest_words() = default;
  nearest_words(std::string_view text, std::size_t begin) { read(text, begin); }

  /// The words before byte `begin` instead.
  void read(std::string_view text, std::size_t begin);

  bool empty() const noexcept { return count_ == 0; }
  std::size_t size() const noexcept { return count_; }

  std::string_view operator[](std::size_t i) const noexcept {
    const auto begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view{folded_}.substr(begin, ends_[i] - begin);
  }

  bool all_ascii() const noexcept { return all_ascii_; }

private:
  void add(std::string_view word);

  std::string folded_; // one behind the other
  std::array<std::size_t, context_tokens> ends_{};
  std::size_t count_ = 0;
  bool all_ascii_ = true;
};

/// A word as nearest_words gives it: case-folded.
std::string folded(std::string_view word);

/// The words of `known` that occur among `words`. A known word in a script without spaces may be a part of a
/// word.
std::vector<std::string> find_context(const nearest_words& words, std::span<const std::string> known);

/// True when the nearest words call what follows an order, invoice or serial number.
bool names_other_number(const nearest_words& words);

} // namespace guardrails::checks
