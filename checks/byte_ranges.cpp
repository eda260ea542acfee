// Merges ranges as they come.
#include "checks/byte_ranges.hpp"

#include <algorithm>
#include <iterator>

namespace guardrails::checks {

void byte_ranges::add(match_range where) {
  if (where.begin >= where.end)
    return;
  auto it = ends_.upper_bound(where.begin);
  if (it != ends_.begin() && std::prev(it)->second >= where.begin)
    --it;
  while (it != ends_.end() && it->first <= where.end) {
    where.begin = std::min(where.begin, it->first);
    where.end = std::max(where.end, it->second);
    it = ends_.erase(it);
  }
  ends_.emplace(where.begin, where.end);
}

bool byte_ranges::contains(match_range where) const {
  const auto after = ends_.upper_bound(where.begin);
  return after != ends_.begin() && std::prev(after)->second >= where.end;
}

bool byte_ranges::touches(match_range where) const {
  const auto after = ends_.lower_bound(where.end);
  return after != ends_.begin() && std::prev(after)->second > where.begin;
}

} // namespace guardrails::checks
