// What the heads say about a text, until they are told to stop.
#pragma once

#include "checks/check.hpp"
#include "checks/models/head_scorer.hpp"

namespace guardrails::checks::models {

/// As score_normalised(), and asks `stop` once for every stop_bytes of a longer text; what it says once that
/// is true counts for nothing.
head_scores score_until(std::string_view text, const head_model& weights, const stop_function& stop);

inline constexpr std::size_t stop_bytes = 16'384;

} // namespace guardrails::checks::models
