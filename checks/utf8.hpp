// UTF-8, one code point at a time, forwards and backwards.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// Stands for bytes that are not valid UTF-8, and for the place before the first and after the last code
/// point.
inline constexpr char32_t no_code_point = 0xFFFFFFFF;

/// A code point and how many bytes it takes; at either end of the text the length is 0.
struct code_point {
  char32_t value = no_code_point;
  std::size_t length = 0;
};

/// The code point that starts at byte `pos`. An invalid sequence counts as one byte of no_code_point.
code_point decode_at(std::string_view text, std::size_t pos) noexcept;

/// The code point that ends just before byte `pos`.
code_point decode_before(std::string_view text, std::size_t pos) noexcept;

/// The first position at or after `pos` that starts a code point, or the end of the text.
std::size_t next_boundary(std::string_view text, std::size_t pos) noexcept;

inline bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

} // namespace guardrails::checks
