// Luhn, Verhoeff, ISO 7064, ICAO 9303 and weighted sums.
#include "checks/recognisers/checksums.hpp"

#include <array>
#include <cstddef>

namespace guardrails::checks {

namespace {

int value_of(char digit) noexcept {
  return digit - '0';
}

// A = 10 … Z = 35.
int alphanumeric_value(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : value_of(c);
}

// Multiplication in the dihedral group of order ten: 0-4 are rotations, 5-9 reflections.
int dihedral_product(int a, int b) noexcept {
  if (a < 5)
    return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
  return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
}

// Verhoeff's permutation, applied once for each place.
constexpr std::array permutation{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

int permuted(int digit, std::size_t times) noexcept {
  for (; times > 0; --times)
    digit = permutation[static_cast<std::size_t>(digit)];
  return digit;
}

} // namespace

bool luhn_valid(std::string_view digits) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto digit = value_of(digits[digits.size() - 1 - i]);
    const auto doubled = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
    sum += i % 2 == 1 ? doubled : digit;
  }
  return sum % 10 == 0;
}

bool verhoeff_valid(std::string_view digits) noexcept {
  int product = 0;
  for (std::size_t i = 0; i < digits.size(); ++i)
    product = dihedral_product(product, permuted(value_of(digits[digits.size() - 1 - i]), i % 8));
  return product == 0;
}

bool mod11_10_valid(std::string_view digits) noexcept {
  int product = 10;
  for (const auto digit : digits.substr(0, digits.size() - 1)) {
    const auto sum = (product + value_of(digit)) % 10;
    product = 2 * (sum == 0 ? 10 : sum) % 11;
  }
  return (product + value_of(digits.back())) % 10 == 1;
}

unsigned mod97(std::string_view alphanumeric) noexcept {
  unsigned remainder = 0;
  for (const auto c : alphanumeric) {
    const auto value = static_cast<unsigned>(alphanumeric_value(c));
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
  }
  return remainder;
}

bool icao_valid(std::string_view alphanumeric) noexcept {
  constexpr std::array weights{7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i + 1 < alphanumeric.size(); ++i)
    sum += alphanumeric_value(alphanumeric[i]) * weights[i % weights.size()];
  return sum % 10 == alphanumeric_value(alphanumeric.back());
}

int weighted_sum(std::string_view digits, std::span<const int> weights) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < weights.size() && i < digits.size(); ++i)
    sum += value_of(digits[i]) * weights[i];
  return sum;
}

int weighted_cross_sum(std::string_view digits, std::span<const int> weights) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < weights.size() && i < digits.size(); ++i) {
    const auto product = value_of(digits[i]) * weights[i];
    sum += product / 10 + product % 10;
  }
  return sum;
}

bool has_different_digits(std::string_view digits) noexcept {
  return digits.find_first_not_of(digits.front()) != std::string_view::npos;
}

bool is_date(int year, int month, int day) noexcept {
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12)
    return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day >= 1 && day <= days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

int number(std::string_view digits) noexcept {
  int value = 0;
  for (const auto digit : digits)
    value = value * 10 + value_of(digit);
  return value;
}

} // namespace guardrails::checks
