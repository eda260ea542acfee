// How the learned checks see a code point: what it is, folded to what it has in common with its variants.
#pragma once

#include <array>
#include <cstdint>

namespace guardrails::checks::models {

enum class letter_kind : std::uint8_t { space, line_end, letter, digit, sign };

/// A code point and the form it is hashed in: lower case, plain quotation marks and hyphens.
struct seen_letter {
  char32_t folded = 0;
  letter_kind kind = letter_kind::sign;
  bool small = false; ///< a small letter as it was written
};

/// For any code point; no_code_point is a sign.
seen_letter see_other(char32_t c) noexcept;

inline constexpr std::array<seen_letter, 128> seen_ascii = [] {
  std::array<seen_letter, 128> table{};
  for (char32_t c = 0; c < 128; ++c)
    table[c] = c == '\n'                         ? seen_letter{c, letter_kind::line_end}
               : c == ' ' || (c >= 9 && c <= 13) ? seen_letter{c, letter_kind::space}
               : c >= 'a' && c <= 'z'            ? seen_letter{c, letter_kind::letter, true}
               : c >= 'A' && c <= 'Z'            ? seen_letter{c + ('a' - 'A'), letter_kind::letter}
               : c >= '0' && c <= '9'            ? seen_letter{c, letter_kind::digit}
                                                 : seen_letter{c, letter_kind::sign};
  return table;
}();

inline seen_letter see(char32_t c) noexcept {
  return c < 128 ? seen_ascii[c] : see_other(c);
}

} // namespace guardrails::checks::models
