// Undoes the escapes that programs write into quoted text.
#pragma once

#include <string>
#include <string_view>

namespace guardrails::llm {

/// `text` with the escapes of JSON, C and Python strings read once: `\n`, `\"`, `\\`, `\xNN` (a byte),
/// `\uNNNN` (surrogates in pairs), `\UNNNNNNNN`. What is not an escape stays.
std::string without_escapes(std::string_view text);

} // namespace guardrails::llm
