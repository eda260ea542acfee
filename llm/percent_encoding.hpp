// Texts as parts of a path or a query (RFC 3986).
#pragma once

#include <string>
#include <string_view>

namespace guardrails::llm {

/// `text` with everything but letters, digits and `-`, `.`, `_`, `~` encoded; what is in `kept` stays, too.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

} // namespace guardrails::llm
