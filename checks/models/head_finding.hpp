// A finding of a head: what it said, how sure it is, and which n-grams made it so.
#pragma once

#include "checks/models/head_scorer.hpp"

#include <guardrails/generation.hpp>

#include <string_view>

namespace guardrails::checks::models {

/// `scores` are those of `text`; the span is the window in which it is surest.
finding head_finding(std::string_view check, std::string_view label, const head_model& model, head of,
                     std::string_view text, const head_scores& scores, double threshold,
                     finding_action action);

} // namespace guardrails::checks::models
