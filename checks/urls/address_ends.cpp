// Pairs the brackets of a run from the left, then says from the right where an address between them would
// end.
#include "checks/urls/address_ends.hpp"

#include <algorithm>

namespace guardrails::checks::urls {

std::size_t address_ends::of(std::size_t begin) {
  if (begin >= run_end_ || begin < run_begin_)
    read_run(begin);
  const auto next = std::ranges::lower_bound(brackets_, begin, {}, &bracket::at);
  return std::max(begin, next == brackets_.end() ? end_after_brackets_ : next->end_before);
}

void address_ends::read_run(std::size_t begin) {
  run_begin_ = begin;
  run_end_ = std::min(text_.find_first_of(ends_address, begin), text_.size());
  brackets_.clear();
  std::vector<std::size_t> open;
  for (auto at = begin; at < run_end_ && brackets_.size() < most_brackets; ++at) {
    const auto c = text_[at];
    if (c == '(' || c == '[') {
      open.push_back(brackets_.size());
      brackets_.push_back({at, true, none, 0});
    } else if (c == ')' || c == ']') {
      if (!open.empty()) {
        brackets_[open.back()].partner = brackets_.size();
        open.pop_back();
      }
      brackets_.push_back({at, false, none, 0});
    }
  }
  end_after_brackets_ = without_punctuation(run_end_);
  for (auto i = brackets_.size(); i-- > 0;) {
    auto& b = brackets_[i];
    const auto last = b.opens ? b.partner : i;
    if (!b.opens)
      b.end_before = without_punctuation(b.at);
    else if (last == none || last + 1 == brackets_.size())
      b.end_before = end_after_brackets_;
    else
      b.end_before = brackets_[last + 1].end_before;
  }
}

std::size_t address_ends::without_punctuation(std::size_t end) const noexcept {
  while (end > run_begin_ && std::string_view{".,;:!?'*_~"}.find(text_[end - 1]) != std::string_view::npos)
    --end;
  return end;
}

} // namespace guardrails::checks::urls
