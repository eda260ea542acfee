// Answers from ICU's property tables.
#include "checks/models/letters.hpp"

#include "checks/utf8.hpp"

#include <unicode/uchar.h>

namespace guardrails::checks::models {

namespace {

char32_t plain_sign(char32_t c) noexcept {
  switch (c) {
  case U'\u2018':
  case U'\u2019':
    return U'\'';
  case U'\u201C':
  case U'\u201D':
  case U'\u201E':
  case U'\u00AB':
  case U'\u00BB':
    return U'"';
  case U'\u2010':
  case U'\u2011':
  case U'\u2012':
  case U'\u2013':
  case U'\u2014':
    return U'-';
  default:
    return c;
  }
}

} // namespace

seen_letter see_other(char32_t c) noexcept {
  if (c == no_code_point)
    return {U'\uFFFD', letter_kind::sign};
  const auto point = static_cast<UChar32>(c);
  if (u_isUWhiteSpace(point))
    return {U' ', letter_kind::space};
  switch (u_charType(point)) {
  case U_UPPERCASE_LETTER:
  case U_TITLECASE_LETTER:
    return {static_cast<char32_t>(u_tolower(point)), letter_kind::letter};
  case U_LOWERCASE_LETTER:
    return {c, letter_kind::letter, true};
  case U_MODIFIER_LETTER:
  case U_OTHER_LETTER:
  case U_NON_SPACING_MARK:
  case U_COMBINING_SPACING_MARK:
    return {c, letter_kind::letter};
  case U_DECIMAL_DIGIT_NUMBER:
    return {U'0', letter_kind::digit};
  default:
    return {plain_sign(c), letter_kind::sign};
  }
}

} // namespace guardrails::checks::models
