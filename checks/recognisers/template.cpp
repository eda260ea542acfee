// Compares a number with a format, character by character.
#include "checks/recognisers/template.hpp"

#include "checks/recognisers/digits.hpp"

#include <algorithm>

namespace guardrails::checks {

namespace {

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

bool fits(char c, char place) noexcept {
  switch (place) {
  case '9':
    return is_digit(c);
  case 'A':
    return is_upper(c);
  case 'X':
    return is_digit(c) || is_upper(c);
  default:
    return c == place;
  }
}

} // namespace

bool spelled_as(std::string_view compact, std::string_view format) noexcept {
  return std::ranges::equal(compact, format, fits);
}

bool spelled_as_any(std::string_view compact, std::span<const std::string_view> formats) noexcept {
  return std::ranges::any_of(formats, [&](std::string_view format) { return spelled_as(compact, format); });
}

bool consists_of(std::string_view part, std::string_view allowed) noexcept {
  return part.find_first_not_of(allowed) == std::string_view::npos;
}

bool avoids(std::string_view part, std::string_view excluded) noexcept {
  return part.find_first_of(excluded) == std::string_view::npos;
}

} // namespace guardrails::checks
