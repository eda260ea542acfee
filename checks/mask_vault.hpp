// Gives the values of one conversation placeholders that can be taken back.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/masked_values.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// A value and what it was found to be.
struct found_value {
  std::string entity;
  std::string value;
  auto operator<=>(const found_value&) const = default;
};

/// Masks so that unmasking (unmasking.hpp) what it wrote gives the text again. Numbers count from 1 in the
/// order of first appearance, so that the same texts in the same order have the same placeholders. Bounded.
/// Not thread-safe. What it holds is what must not be logged, so it prints nothing.
class mask_vault {
public:
  static constexpr std::size_t most_values = 10'000;
  static constexpr std::size_t most_bytes = 4u << 20; ///< of all that is kept of the values

  /// `text` masked as `findings` say, personal data with numbered placeholders: equal values of an entity
  /// have the same one. Text that reads like one of ours becomes a quotation, so that nobody gets another's
  /// value by writing its placeholder. When the vault is full, further values are masked for good, as their
  /// findings say. `text` is the part of the judged text that starts at `offset`; spans are clipped to it,
  /// overlapping ones merged, and a finding's replacement becomes what was written for it.
  std::string mask(std::string_view text, std::uint64_t offset, std::span<finding> findings);

  /// What was masked so far, without quotations, in the order of first appearance.
  std::span<const found_value> found() const noexcept { return found_; }

  const masked_values& values() const noexcept { return values_; }
  masked_values release() && noexcept { return std::move(values_); }

private:
  std::optional<std::string> placeholder_of(const found_value& wanted);
  std::string quoting(std::string_view text);
  void reserve(std::string_view text);

  masked_values values_;
  std::vector<found_value> found_;
  std::set<std::string, std::less<>> reserved_;              // keys that were written by others
  std::map<found_value, std::string> placeholders_;          // by what they stand for
  std::map<std::string, std::uint32_t, std::less<>> latest_; // number of an entity
  std::size_t bytes_ = 0;
};

} // namespace guardrails::checks
