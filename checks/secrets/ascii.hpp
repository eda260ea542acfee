// Character classes and comparisons of ASCII, whatever the locale.
#pragma once

#include <guardrails/ascii.hpp>

#include <algorithm>
#include <string_view>

namespace guardrails::checks::secrets {

constexpr bool is_ascii_letter(char c) noexcept {
  return is_letter_or_digit(c) && !is_digit(c);
}

constexpr bool is_ascii_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The alphabet of Base64 for URLs (RFC 4648, 5).
constexpr bool is_base64url(char c) noexcept {
  return is_letter_or_digit(c) || c == '-' || c == '_';
}

constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// `lower` is in small letters.
constexpr bool equals_folded(std::string_view text, std::string_view lower) noexcept {
  return text.size() == lower.size() &&
         std::ranges::equal(text, lower, [](char a, char b) { return ascii_lower(a) == b; });
}

/// `lower` is in small letters.
constexpr bool contains_folded(std::string_view text, std::string_view lower) noexcept {
  const auto found = std::ranges::search(text, lower, [](char a, char b) { return ascii_lower(a) == b; });
  return !found.empty() || lower.empty();
}

} // namespace guardrails::checks::secrets
