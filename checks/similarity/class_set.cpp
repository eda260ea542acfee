// One vector of the text, and every class in turn.
#include "checks/similarity/class_set.hpp"

namespace guardrails::checks::similarity {

class_set::class_set(std::span<const described_class> classes, const encoder& by)
  : by_{&by} {
  for (const auto& c : classes)
    classes_.emplace_back(c, by);
}

nearest_class class_set::nearest(std::string_view text, const stop_function& stop) const {
  const auto near = nearness_to_each(text, stop);
  nearest_class best;
  for (std::size_t i = 0; i < near.size(); ++i)
    if (near[i] > best.nearness)
      best = {i, near[i]};
  return best;
}

std::vector<double> class_set::nearness_to_each(std::string_view text, const stop_function& stop) const {
  const auto vector = encoded(*by_, text, stop);
  std::vector<double> near(classes_.size());
  for (std::size_t i = 0; i < classes_.size() && !(stop && stop()); ++i)
    near[i] = classes_[i].of(vector);
  return near;
}

} // namespace guardrails::checks::similarity
