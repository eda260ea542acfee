// Loads heads that a user trained.
#pragma once

#include "checks/models/head_model.hpp"

#include <guardrails/rails_config.hpp>

namespace guardrails::actors {

/// The embedded heads, with those of the configured file in their place. Throws config_error when it cannot
/// be read or is no model of heads.
checks::models::head_model load_heads(const guardrails_config& config);

} // namespace guardrails::actors
