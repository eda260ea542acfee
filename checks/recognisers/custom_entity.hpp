// The user's own entities as recognisers.
#pragma once

#include "checks/recognisers/recogniser.hpp"

#include <guardrails/rails_config.hpp>

namespace guardrails::checks {

/// Throws config_error for an entity without patterns and for a validator that does not exist.
recogniser to_recogniser(const std::string& name, const custom_entity& entity);

} // namespace guardrails::checks
