// The masks of one conversation, which agree with one another.
#pragma once

#include "checks/known_values.hpp"
#include "checks/mask_vault.hpp"
#include "checks/pii_mask.hpp"

#include <guardrails/rails_config.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// Masks the messages of one conversation, handed over in their order: numbered masks of personal data count
/// over all of them, so that the next turn, which begins with the same messages, begins with the same
/// numbers. Not thread-safe.
class conversation_masks {
public:
  explicit conversation_masks(const pii_config& config);

  /// Whether masks are taken back in the answer.
  bool reversible() const noexcept { return vault_.has_value(); }

  /// `text` masked as `findings` say, whose replacements become what was written. `text` is the part of the
  /// judged text that starts at `offset`.
  std::string mask(std::string_view text, std::uint64_t offset, std::span<finding> findings);

  /// Findings for the values masked so far that stand in `text`; none unless reversible.
  std::vector<finding> find_known(std::string_view text);

  /// What the placeholders stand for; empty unless reversible.
  masked_values release() &&;

private:
  pii_mask writer_;
  mask_numbers numbers_;
  std::optional<mask_vault> vault_;
  known_values known_;
};

} // namespace guardrails::checks
