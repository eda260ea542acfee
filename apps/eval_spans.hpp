// Scores what finds entities against annotated spans.
#pragma once

#include "apps/eval_options.hpp"

namespace guardrails::apps {

/// Persons, places and the like are scored by the tagger, what has a written form by the checks. Prints the
/// scores. Throws train::row_error, tagger::model_error, and std::runtime_error where a file cannot be read.
void evaluate_spans(const eval_options& options);

} // namespace guardrails::apps
