// All families of tokens in one list.
#pragma once

#include "checks/secrets/token_format.hpp"

#include <vector>

namespace guardrails::checks::secrets {

/// The rows of every family.
std::vector<token_format> all_token_formats();

} // namespace guardrails::checks::secrets
