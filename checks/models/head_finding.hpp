// A finding of a head: what it said, how sure it is, and which n-grams made it so.
#pragma once

#include "checks/models/head_scorer.hpp"

#include <guardrails/generation.hpp>

#include <string_view>

namespace guardrails::checks::models {

/// `text` is what the head judged; the span is the window in which it is surest.
finding head_finding(std::string_view check, std::string_view label, const head_model& model, head of,
                     std::string_view text, double score, double threshold, finding_action action);

} // namespace guardrails::checks::models
