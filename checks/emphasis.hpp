// What sets a value off from the words around it and would pass for a part of it.
#pragma once

#include "checks/pattern_engine.hpp"

#include <string_view>
#include <vector>

namespace guardrails::checks {

/// Where `text` has underscores that emphasise what has digits (`_4111_`, `__DE89 3704__`), as Markdown does,
/// and white space that was escaped before such a thing or a capital letter (`\n4111`), as JSON does.
/// Underscores within a word or before an e-mail address are a part of it. A digit is looked for in the word
/// beside the mark, in the bytes next to it. In no order; linear.
std::vector<match_range> find_emphasis(std::string_view text);

} // namespace guardrails::checks
