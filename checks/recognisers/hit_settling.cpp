// Settles each group of hits that overlap by itself.
#include "checks/recognisers/hit_settling.hpp"

#include "checks/byte_ranges.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace guardrails::checks {

namespace {

// Up to so many hits of a group are compared one by one; more of them would take too long.
constexpr std::size_t few = 32;

// An ordinary number satisfies a checksum by chance; a word before it, or a shape that proves itself, does
// not come about so easily.
bool is_told_apart(const recogniser& r, const entity_hit& hit) {
  return !hit.context.empty() || (hit.found.score >= 1.0 && r.sensitive == sensitivity::by_itself);
}

bool overlap(match_range a, match_range b) noexcept {
  return a.begin < b.end && b.begin < a.end;
}

// What a hit does that was kept, seen from one that ranks behind it.
bool does_no_less(const judged_hit& kept, const judged_hit& h) noexcept {
  return kept.weight.severity >= h.weight.severity;
}
bool masks(const judged_hit& kept, const judged_hit&) noexcept {
  return kept.weight.masks;
}

/// The bytes that few hits cover: looks at each.
class few_hits {
public:
  bool holds(const judged_hit& h) const {
    const auto where = h.hit.found.where;
    const auto touches = [&](const judged_hit* kept) { return overlap(kept->hit.found.where, where); };
    if (std::ranges::none_of(kept_, touches))
      return false;
    if (!h.acts() || h.weight.severity == 0)
      return true;
    return contain(h, does_no_less) && (!h.weight.masks || contain(h, masks));
  }

  void add(const judged_hit& h) { kept_.push_back(&h); }

private:
  template <class Counts>
  bool contain(const judged_hit& h, Counts counts) const {
    const auto where = h.hit.found.where;
    for (auto pos = where.begin; pos < where.end;) {
      const auto next = std::ranges::find_if(kept_, [&](const judged_hit* kept) {
        const auto range = kept->hit.found.where;
        return counts(*kept, h) && range.begin <= pos && pos < range.end;
      });
      if (next == kept_.end())
        return false;
      pos = (*next)->hit.found.where.end;
    }
    return true;
  }

  std::vector<const judged_hit*> kept_;
};

/// The bytes that many hits cover: those of hits of at least a severity, and those that are masked.
class many_hits {
public:
  bool holds(const judged_hit& h) const {
    const auto where = h.hit.found.where;
    if (!by_severity_[0].touches(where))
      return false;
    if (!h.acts() || h.weight.severity == 0)
      return true;
    return by_severity_[h.weight.severity].contains(where) && (!h.weight.masks || masked_.contains(where));
  }

  void add(const judged_hit& h) {
    for (std::size_t severity = 0; severity <= h.weight.severity; ++severity)
      by_severity_[severity].add(h.hit.found.where);
    if (h.weight.masks)
      masked_.add(h.hit.found.where);
  }

private:
  std::array<byte_ranges, hit_weight::severities> by_severity_;
  byte_ranges masked_;
};

using hit_group = std::span<const judged_hit*>;

// Moves the hits that stay to `stay`. The group is in order of rank.
template <class Covered>
void settle(hit_group group, std::vector<const judged_hit*>& stay) {
  Covered covered;
  for (const auto* h : group)
    if (!covered.holds(*h)) {
      covered.add(*h);
      stay.push_back(h);
    }
}

// Hits that stand before `end` of the group from `begin` on, which no other hit touches.
std::size_t group_end(const std::vector<const judged_hit*>& by_place, std::size_t begin) {
  auto last = by_place[begin]->hit.found.where.end;
  auto end = begin + 1;
  for (; end < by_place.size() && by_place[end]->hit.found.where.begin < last; ++end)
    last = std::max(last, by_place[end]->hit.found.where.end);
  return end;
}

} // namespace

std::vector<judged_hit> settled(std::vector<judged_hit> hits, std::span<const recogniser> of) {
  const auto begin_of = [](const judged_hit* h) { return h->hit.found.where.begin; };
  const auto rank = [&](const judged_hit* h) {
    const auto& r = of[h->hit.recogniser];
    return std::tuple{h->acts(), is_told_apart(r, h->hit), !r.forms.empty(), h->hit.found.score,
                      h->hit.length()};
  };
  const auto goes_before = [&](const judged_hit* a, const judged_hit* b) {
    const auto left = rank(a);
    const auto right = rank(b);
    return left != right ? left > right : a->order < b->order;
  };
  std::vector<const judged_hit*> by_place;
  by_place.reserve(hits.size());
  for (const auto& h : hits)
    by_place.push_back(&h);
  if (!std::ranges::is_sorted(by_place, {}, begin_of))
    std::ranges::stable_sort(by_place, {}, begin_of);
  std::vector<const judged_hit*> stay;
  stay.reserve(hits.size());
  for (std::size_t begin = 0; begin < by_place.size();) {
    const auto end = group_end(by_place, begin);
    const hit_group group{by_place.data() + begin, end - begin};
    begin = end;
    if (group.size() == 1) {
      stay.push_back(group.front());
      continue;
    }
    std::ranges::stable_sort(group, goes_before);
    const auto before = static_cast<std::ptrdiff_t>(stay.size());
    if (group.size() <= few)
      settle<few_hits>(group, stay);
    else
      settle<many_hits>(group, stay);
    std::ranges::stable_sort(stay.begin() + before, stay.end(), {}, begin_of);
  }
  std::vector<judged_hit> ordered;
  ordered.reserve(stay.size());
  for (const auto* h : stay)
    ordered.push_back(std::move(hits[static_cast<std::size_t>(h - hits.data())]));
  return ordered;
}

} // namespace guardrails::checks
