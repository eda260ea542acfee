// One vector of the text, and every class in turn.
#include "checks/similarity/class_set.hpp"

namespace guardrails::checks::similarity {

class_set::class_set(std::span<const described_class> classes, const encoder& by)
  : by_{&by} {
  for (const auto& c : classes)
    classes_.emplace_back(c, by);
}

nearest_class class_set::nearest(std::string_view text, const stop_function& stop) const {
  const auto vector = encoded(*by_, text, stop);
  nearest_class best;
  for (std::size_t i = 0; i < classes_.size() && !(stop && stop()); ++i)
    if (const auto near = classes_[i].of(vector); near > best.nearness)
      best = {i, near};
  return best;
}

} // namespace guardrails::checks::similarity
