// Cuts a text of any length into windows of tokens whose labels are decided together.
#pragma once

#include "checks/tagger/features.hpp"
#include "checks/tagger/gazetteers.hpp"
#include "checks/tagger/tokens.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace guardrails::checks::tagger {

/// Reads a text window by window, in constant memory. A window has at most token_looks::most_tokens tokens
/// and ends before a line or a sentence where it can.
class windows {
public:
  windows(std::string_view text, const gazetteers& lists) noexcept
    : tokens_{text}
    , lists_{lists} {}

  /// The next window, its lists marked; empty at the end of the text. Valid until the next call.
  std::span<const token> next() noexcept;

private:
  std::size_t end_of_window() const noexcept;

  tokeniser tokens_;
  const gazetteers& lists_;
  std::array<token, token_looks::most_tokens> buffer_{};
  std::size_t begin_ = 0; // of what has not been handed out
  std::size_t end_ = 0;
};

} // namespace guardrails::checks::tagger
