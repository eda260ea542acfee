// Well-formed UTF-8, as the Unicode standard defines it (table 3-7: no overlong forms, no surrogates).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails {

/// Bytes of the well-formed sequence at the start of `text`: 1 to 4; 0 when it is malformed or empty.
std::size_t utf8_sequence_length(std::string_view text) noexcept;

/// The first byte at or after `pos` that is not ASCII, or the end of the text.
std::size_t next_non_ascii(std::string_view text, std::size_t pos) noexcept;

/// Position of the first byte that is not well-formed, or npos.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// `text` with every malformed byte replaced by U+FFFD.
std::string well_formed(std::string_view text);

} // namespace guardrails
