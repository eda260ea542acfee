// Text that anybody may have written, made fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace guardrails::apps {

/// `text` with the bytes of control characters as `\xNN` (line breaks and tabs stay) and malformed bytes as
/// U+FFFD: what a model or a file says must not move the cursor or colour the screen.
std::string printable(std::string_view text);

} // namespace guardrails::apps
