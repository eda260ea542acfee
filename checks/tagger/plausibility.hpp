// What is no name although the tagger takes it for one: rules that need no training.
#pragma once

#include "checks/pattern_engine.hpp"
#include "checks/tagger/labels.hpp"

#include <string_view>

namespace guardrails::checks::tagger {

/// Whether `where` in `text` may be what the tagger says. Looks at a bounded number of bytes around it.
bool is_plausible(entity kind, std::string_view text, match_range where);

} // namespace guardrails::checks::tagger
