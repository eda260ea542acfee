// The names of entities in a configuration of personal data.
#pragma once

#include "config/place.hpp"

namespace guardrails::config {

/// Throws config_error, with its place in the document, for the first name in `guardrails.pii` that neither a
/// recogniser nor a custom entity has, and for a custom entity whose name cannot be one or is taken.
void refuse_unknown_entities(const node& root, const document& in, const pii_config& pii);

} // namespace guardrails::config
