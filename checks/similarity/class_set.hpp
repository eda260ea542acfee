// Several classes at once: which of them a text is nearest to.
#pragma once

#include "checks/similarity/nearness.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace guardrails::checks::similarity {

/// A class by its place in the set, and how near it is.
struct nearest_class {
  std::size_t index = 0;
  double nearness = 0;
};

/// Immutable and thread-safe. Refers to the encoder, which must outlive it.
class class_set {
public:
  class_set(std::span<const described_class> classes, const encoder& by);

  /// The nearest to a normalised text; nearness 0 where there is no class. Counts for nothing once `stop` is
  /// true.
  nearest_class nearest(std::string_view text, const stop_function& stop = {}) const;

  /// How near each class is, in their order; those past the moment `stop` is true count for nothing.
  std::vector<double> nearness_to_each(std::string_view text, const stop_function& stop = {}) const;

  const encoder& by() const noexcept { return *by_; }

private:
  const encoder* by_;
  std::vector<nearness> classes_;
};

} // namespace guardrails::checks::similarity
