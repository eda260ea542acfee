// The rest of one window is the beginning of the next.
#include "checks/tagger/windows.hpp"

#include <algorithm>

namespace guardrails::checks::tagger {

namespace {

constexpr std::size_t least_tokens = token_looks::most_tokens / 2;

} // namespace

std::span<const token> windows::next() noexcept {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= begin_;
  while (end_ < buffer_.size() && tokens_.next(buffer_[end_]))
    ++end_;
  begin_ = end_of_window();
  const std::span<token> window{buffer_.data(), begin_};
  mark_lists(window, lists_);
  return window;
}

std::size_t windows::end_of_window() const noexcept {
  if (end_ < buffer_.size())
    return end_;
  for (auto i = end_ - 1; i > least_tokens; --i)
    if (buffer_[i].starts_sentence && buffer_[i].before != gap::nothing)
      return i;
  return end_;
}

} // namespace guardrails::checks::tagger
