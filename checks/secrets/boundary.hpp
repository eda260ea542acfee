// Where a token may start and end within a text.
#pragma once

#include "checks/secrets/ascii.hpp"

#include <cstddef>
#include <string_view>

namespace guardrails::checks::secrets {

/// True where an escape such as `\n` in JSON ends: its letter is no part of a word.
constexpr bool follows_escape(std::string_view text, std::size_t pos) noexcept {
  return pos > 1 && text[pos - 2] == '\\' &&
         (text[pos - 1] == 'n' || text[pos - 1] == 'r' || text[pos - 1] == 't');
}

/// True when no word runs into `begin`.
constexpr bool starts_token(std::string_view text, std::size_t begin) noexcept {
  return begin == 0 || follows_escape(text, begin) ||
         (!is_ascii_alnum(text[begin - 1]) && text[begin - 1] != '_');
}

/// True when neither a word nor a hyphenated tail goes on at `end`.
constexpr bool ends_token(std::string_view text, std::size_t end) noexcept {
  return end == text.size() || !is_base64url(text[end]);
}

} // namespace guardrails::checks::secrets
