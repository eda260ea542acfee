// The key `guardrails.output_json.schema`, a JSON Schema written as YAML or as JSON text.
#pragma once

#include "config/keys.hpp"

namespace guardrails::config {

key output_json_schema_key();

} // namespace guardrails::config
