// Keeps runs of equal units, finds them by bisection.
#include "checks/offset_map.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace guardrails::checks {

void offset_map::append(std::uint32_t original_step, std::uint32_t rewritten_step) {
  const auto removed = rewritten_step == 0;
  const auto continues = !runs_.empty() && runs_.back().rewritten_step == rewritten_step &&
                         (removed || runs_.back().original_step == original_step);
  if (!continues)
    runs_.push_back({rewritten_end_, original_end_, rewritten_step, original_step});
}

void offset_map::advance(std::size_t original, std::size_t rewritten) {
  if (original > max_bytes - original_end_ || rewritten > max_bytes - rewritten_end_)
    throw std::length_error{"a text of 4 GiB or more"};
  original_end_ += static_cast<std::uint32_t>(original);
  rewritten_end_ += static_cast<std::uint32_t>(rewritten);
}

void offset_map::copy(std::size_t bytes) {
  if (bytes == 0)
    return;
  append(1, 1);
  advance(bytes, bytes);
}

void offset_map::replace(std::size_t original, std::size_t rewritten) {
  append(static_cast<std::uint32_t>(original), static_cast<std::uint32_t>(rewritten));
  advance(original, rewritten);
}

match_range offset_map::unit_at(std::size_t rewritten) const {
  // Of runs that begin here, only the last one has any bytes: the others are removed text.
  const auto after = std::ranges::upper_bound(runs_, rewritten, {}, &run::rewritten);
  const auto& r = *std::prev(after);
  const auto unit = (rewritten - r.rewritten) / r.rewritten_step;
  const auto begin = r.original + unit * r.original_step;
  return {begin, begin + r.original_step};
}

match_range offset_map::to_original(match_range range) const {
  return {unit_at(range.begin).begin, unit_at(range.end - 1).end};
}

} // namespace guardrails::checks
