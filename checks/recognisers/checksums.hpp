// The checksum algorithms that identification numbers share; weights and tables of one number stand with its
// recogniser. A `digits` argument has nothing but ASCII digits.
#pragma once

#include <span>
#include <string_view>

namespace guardrails::checks {

/// Whether the checksum of Luhn holds (ISO/IEC 7812-1, annex B).
bool luhn_valid(std::string_view digits) noexcept;

/// Whether the checksum of Verhoeff holds, its digit last (J. Verhoeff, Error Detecting Decimal Codes, 1969).
bool verhoeff_valid(std::string_view digits) noexcept;

/// Whether ISO/IEC 7064 MOD 11,10 holds, its digit last.
bool mod11_10_valid(std::string_view digits) noexcept;

/// Remainder of ISO/IEC 7064 MOD 97-10 over digits and upper-case letters (A = 10 … Z = 35).
unsigned mod97(std::string_view alphanumeric) noexcept;

/// Whether the last character is the check digit of ICAO 9303, part 3, 4.9: weights 7, 3, 1 over digits and
/// upper-case letters (A = 10 … Z = 35), modulo 10.
bool icao_valid(std::string_view alphanumeric) noexcept;

/// Sum of digit times weight, as far as there are weights.
int weighted_sum(std::string_view digits, std::span<const int> weights) noexcept;

/// The same with the cross sum of each product in its place.
int weighted_cross_sum(std::string_view digits, std::span<const int> weights) noexcept;

/// True for all but a repeated digit such as `111111111`, which is written to fill a form.
bool has_different_digits(std::string_view digits) noexcept;

/// Whether a day exists in a month (1..12) of a year given in full.
bool is_date(int year, int month, int day) noexcept;

/// The value of a few digits.
int number(std::string_view digits) noexcept;

} // namespace guardrails::checks
