// Well-formed UTF-8, as the Unicode standard defines it (table 3-7: no overlong forms, no surrogates).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails {

/// Appends a code point, which must be one.
void append_utf8(std::string& out, char32_t c);

/// Bytes of the well-formed sequence at the start of `text`: 1 to 4; 0 when it is malformed or empty.
std::size_t utf8_sequence_length(std::string_view text) noexcept;

/// The first byte at or after `pos` that is not ASCII, or the end of the text.
std::size_t next_non_ascii(std::string_view text, std::size_t pos) noexcept;

/// Position of the first byte that is not well-formed, or npos.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// Whether one well-formed character steers a terminal or a reader's eye instead of showing something: the
/// control characters of ASCII and Latin-1, line and paragraph separators, embeddings, overrides and isolates
/// of writing direction.
bool is_control(std::string_view character) noexcept;

/// `text` with every malformed byte replaced by U+FFFD.
std::string well_formed(std::string_view text);

} // namespace guardrails
