// Shorthands for what a value may be.
#pragma once

#include "config/text_rules.hpp"
#include "config/values.hpp"

#include <cstddef>

namespace guardrails::config {

inline constexpr double hour = 3'600'000; ///< in milliseconds

inline limits between(double min, double max) {
  return {.min = min, .max = max};
}

inline limits text(const text_rule& rule) {
  return {.rule = &rule};
}

/// An empty text leaves the key unset, as in `${NAME:-}`.
inline limits optional_text(const text_rule& rule) {
  return {.may_be_empty = true, .rule = &rule};
}

inline limits texts(std::size_t most, const text_rule* rule = nullptr) {
  return {.max_items = most, .rule = rule};
}

} // namespace guardrails::config
