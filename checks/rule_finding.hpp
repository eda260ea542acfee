// A finding of a rule that is either broken or not: nothing about it is uncertain.
#pragma once

#include "checks/pattern_engine.hpp"

#include <guardrails/generation.hpp>

#include <string>
#include <string_view>

namespace guardrails::checks {

/// What stands in place of a masked span.
inline constexpr std::string_view redacted = "[REDACTED]";

/// Score and threshold are 1. `why` names the rule; where `action` masks, the span becomes `replacement`.
finding rule_finding(std::string_view check, std::string_view label, finding_action action, match_range where,
                     std::string why, std::string_view replacement = redacted);

} // namespace guardrails::checks
