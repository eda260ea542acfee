// Answers from ICU's property tables, with a short way for ASCII.
#include "checks/unicode.hpp"

#include "checks/utf8.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

namespace guardrails::checks {

namespace {

bool is_ascii_letter(char32_t c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

UScriptCode script_of(char32_t c) noexcept {
  auto status = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &status);
}

bool is_unspaced(UScriptCode script) noexcept {
  switch (script) {
  case USCRIPT_HAN:
  case USCRIPT_HIRAGANA:
  case USCRIPT_KATAKANA:
  case USCRIPT_HANGUL:
  case USCRIPT_BOPOMOFO:
  case USCRIPT_YI:
  case USCRIPT_THAI:
  case USCRIPT_LAO:
  case USCRIPT_KHMER:
  case USCRIPT_MYANMAR:
  case USCRIPT_TIBETAN:
  case USCRIPT_JAVANESE:
  case USCRIPT_BALINESE:
  case USCRIPT_NEW_TAI_LUE:
  case USCRIPT_TAI_LE:
  case USCRIPT_TAI_VIET:
  case USCRIPT_LANNA:
    return true;
  default:
    return false;
  }
}

} // namespace

char32_t fold_case(char32_t c) noexcept {
  if (c < 0x80)
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  if (c == no_code_point)
    return c;
  return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
}

bool is_space(char32_t c) noexcept {
  if (c < 0x80)
    return c == ' ' || (c >= '\t' && c <= '\r');
  return c != no_code_point && u_isUWhiteSpace(static_cast<UChar32>(c));
}

bool is_letter(char32_t c) noexcept {
  if (c < 0x80)
    return is_ascii_letter(c);
  return c != no_code_point && u_isalpha(static_cast<UChar32>(c));
}

bool is_latin_letter(char32_t c) noexcept {
  if (c < 0x80)
    return is_ascii_letter(c);
  return is_letter(c) && script_of(c) == USCRIPT_LATIN;
}

bool is_spaced_word_character(char32_t c) noexcept {
  if (c < 0x80)
    return is_ascii_letter(c) || is_ascii_digit(c) || c == '_';
  if (c == no_code_point)
    return false;
  constexpr auto word_categories = U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK;
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & word_categories) != 0 && !is_unspaced(script_of(c));
}

bool sticks_to_digits(char32_t c) noexcept {
  if (c < 0x80)
    return is_ascii_letter(c) || is_ascii_digit(c) || c == '_';
  if (c == no_code_point)
    return false;
  if (u_isdigit(static_cast<UChar32>(c)))
    return true;
  if (!u_isalpha(static_cast<UChar32>(c)))
    return false;
  const auto script = script_of(c);
  return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
}

} // namespace guardrails::checks
