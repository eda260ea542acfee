// Well-formed UTF-8, and text made safe for an error sentence.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::config {

/// The length of the well-formed UTF-8 sequence at the start of `text`; 0 when it is malformed or empty.
std::size_t utf8_sequence_length(std::string_view text) noexcept;

/// The offset of the first malformed byte; npos when `text` is valid UTF-8.
std::size_t first_malformed_byte(std::string_view text) noexcept;

/// `text` on one line, without control characters or malformed bytes, cut to at most `limit` bytes.
std::string printable(std::string_view text, std::size_t limit);

} // namespace guardrails::config
