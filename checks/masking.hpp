// A text with the replacements of findings in it, and the way back to the original's places.
#pragma once

#include <guardrails/generation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// A stretch of a text that is masked as one: findings that carry a replacement and overlap.
struct masked_stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<std::size_t> findings; ///< by place in their list; the first, longest one says the replacement
};

/// The stretches in order. Findings of other texts (finding::message) are left out. `size` bytes of the
/// judged text, from `offset` on, are looked at; spans are clipped to them and counted from there.
std::vector<masked_stretch> masked_stretches(std::size_t size, std::uint64_t offset,
                                             std::span<const finding> findings);

/// Whether all of it was found by the check of personal data.
bool is_personal_data(const masked_stretch& stretch, std::span<const finding> findings);

/// Lets all findings of a stretch say what it was replaced with.
void set_replacement(const masked_stretch& stretch, std::span<finding> findings,
                     const std::string& replacement);

/// Replaces the spans of findings that carry a replacement. `text` is the part of the judged text that starts
/// at `offset`; spans are clipped to it, overlapping ones merged.
std::string apply_replacements(std::string_view text, std::uint64_t offset,
                               std::span<const finding> findings);

/// A masked text that knows where each of its bytes comes from.
class masked_text {
public:
  /// Replaces as apply_replacements does.
  masked_text(std::string_view text, std::span<const finding> findings);

  const std::string& text() const noexcept { return text_; }

  /// The place in the original. A span that touches a replacement covers all that was replaced.
  byte_span original(byte_span masked) const;

private:
  struct piece {
    byte_span original;
    byte_span masked;
  };

  std::uint64_t begin_of(std::uint64_t position) const;
  std::uint64_t end_of(std::uint64_t position) const;

  std::string text_;
  std::vector<piece> pieces_; ///< by place
};

} // namespace guardrails::checks
