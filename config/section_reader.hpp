// Tree → rails_config, following the key table.
#pragma once

#include "config/place.hpp"

namespace guardrails::config {

/// Reads and validates a whole document. Throws config_error.
rails_config read_config(const node& root, const document& in);

} // namespace guardrails::config
