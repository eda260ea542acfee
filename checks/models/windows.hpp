// How a text is cut: the score of a whole text is the greatest of its windows'.
#pragma once

#include <cstdint>

namespace guardrails::checks::models {

/// Blocks of this many units (words; a long word counts for more) follow each other. A window is two
/// neighbouring blocks, so windows overlap by half; a text of less than two blocks is one window.
inline constexpr std::uint32_t block_units = 32;

/// A sentence without an end ends here.
inline constexpr std::uint32_t longest_sentence = 64;

/// Counts the units of blocks or sentences.
class unit_counter {
public:
  explicit constexpr unit_counter(std::uint32_t most) noexcept
    : most_{most} {}

  /// True when the token is the last one.
  constexpr bool fills(std::uint32_t units) noexcept { return (count_ += units) >= most_; }

  constexpr void start_again() noexcept { count_ = 0; }

private:
  std::uint32_t most_;
  std::uint32_t count_ = 0;
};

} // namespace guardrails::checks::models
