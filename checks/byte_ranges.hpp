// A set of bytes of a text, as ranges.
#pragma once

#include "checks/pattern_engine.hpp"

#include <cstddef>
#include <map>

namespace guardrails::checks {

/// The union of the ranges that were added. Each call takes logarithmic time, amortised.
class byte_ranges {
public:
  void add(match_range where);
  bool contains(match_range where) const; ///< all of it
  bool touches(match_range where) const;  ///< any byte of it

private:
  std::map<std::size_t, std::size_t> ends_; // by begin; apart
};

} // namespace guardrails::checks
