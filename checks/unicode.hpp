// What a code point is, as far as finding words and numbers needs to know.
#pragma once

namespace guardrails::checks {

/// Simple case folding: one code point in, one out (Unicode CaseFolding.txt, statuses C and S).
char32_t fold_case(char32_t c) noexcept;

/// Unicode white space.
bool is_space(char32_t c) noexcept;

constexpr bool is_ascii_digit(char32_t c) noexcept {
  return c >= '0' && c <= '9';
}

/// A letter of any script.
bool is_letter(char32_t c) noexcept;

/// A letter that belongs to the Latin script.
bool is_latin_letter(char32_t c) noexcept;

/// A letter, digit, mark or underscore of a script that separates words by spaces. Han, Kana, Hangul (whose
/// particles follow a word without a space), Thai and their like are not: there a word ends without a sign.
bool is_spaced_word_character(char32_t c) noexcept;

/// True where a number that touches `c` is part of something longer: a digit of any script, an underscore, or
/// a letter of the Latin, Greek and Cyrillic scripts. Elsewhere particles are written onto numbers.
bool sticks_to_digits(char32_t c) noexcept;

} // namespace guardrails::checks
