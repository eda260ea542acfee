// JSON text written straight into a string, without a document in between.
#pragma once

#include <string>
#include <string_view>

namespace guardrails::llm {

/// Appends `text` as a JSON string, quotes included. Bytes above 0x7f pass through: UTF-8 is the caller's
/// promise.
void append_json_string(std::string& out, std::string_view text);

/// The longest prefix of `text` of at most `limit` bytes that does not cut a UTF-8 sequence.
std::string_view utf8_prefix(std::string_view text, std::size_t limit) noexcept;

} // namespace guardrails::llm
