// Which windows of a text that goes on are complete, and what a head says of them.
#pragma once

#include "checks/models/head_model.hpp"

#include <cstddef>
#include <string_view>

namespace guardrails::checks::streaming {

/// What is known of the beginning of a text, in bytes of its normalised form.
struct judged_windows {
  std::size_t settled = 0; ///< every window that covers a byte before this place has been judged
  float greatest = 0;      ///< probability of the head in the complete window where it is greatest
  std::size_t begin = 0;   ///< of what is found in that window
  std::size_t end = 0;     ///< of that window
};

/// Judges the complete windows of `normalised`, cut as those of the whole text (models/windows.hpp).
judged_windows judge_windows(std::string_view normalised, const models::head_model& weights, models::head of);

} // namespace guardrails::checks::streaming
