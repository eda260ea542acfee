// Where each byte of a rewritten text comes from.
#pragma once

#include "checks/pattern_engine.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace guardrails::checks {

/// Built from front to back out of units: pieces of the original text and what became of each. Units of the
/// same sizes that follow each other take one entry, so copied text, text in another width and removed text
/// take one entry a stretch. Offsets are in bytes, below 4 GiB.
class offset_map {
public:
  static constexpr std::size_t max_bytes = 0xFFFFFFFF;

  /// `bytes` bytes were copied. This and replace() throw std::length_error where an offset would be too
  /// large.
  void copy(std::size_t bytes);

  /// `original` bytes, indivisible, became `rewritten` bytes; 0: they were removed.
  void replace(std::size_t original, std::size_t rewritten);

  /// The least range of the original made of whole units that produced `range` of the rewritten text. `range`
  /// is not empty and lies within that text.
  match_range to_original(match_range range) const;

  /// Entries held.
  std::size_t runs() const noexcept { return runs_.size(); }

private:
  // Units of one size, up to where the next run begins.
  struct run {
    std::uint32_t rewritten;
    std::uint32_t original;
    std::uint32_t rewritten_step;
    std::uint32_t original_step;
  };

  void append(std::uint32_t original_step, std::uint32_t rewritten_step);
  void advance(std::size_t original, std::size_t rewritten);
  match_range unit_at(std::size_t rewritten) const;

  std::vector<run> runs_;
  std::uint32_t rewritten_end_ = 0;
  std::uint32_t original_end_ = 0;
};

} // namespace guardrails::checks
