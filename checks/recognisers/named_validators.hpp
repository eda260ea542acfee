// The checksums that a configuration may name for its own entities.
#pragma once

#include "checks/recognisers/recogniser.hpp"

#include <string_view>

namespace guardrails::checks {

/// A checksum by its name.
struct named_validator {
  std::string_view name;
  validator valid;
};

/// Null when there is no such name; known_validators() lists them.
const named_validator* find_validator(std::string_view name);

} // namespace guardrails::checks
