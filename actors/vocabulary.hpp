// Loads what a token budget counts by.
#pragma once

#include "llm/token_counter.hpp"

#include <guardrails/rails_config.hpp>

namespace guardrails::actors {

/// A counter with the configured vocabulary, or one that estimates. Throws config_error when the file cannot
/// be read or is no vocabulary.
llm::token_counter load_token_counter(const token_budget_config& config);

} // namespace guardrails::actors
