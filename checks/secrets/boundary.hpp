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

/// Whether a token's own characters, besides letters and digits, are these.
struct token_alphabet {
  bool underscore = false;
  bool hyphen = false;

  constexpr bool holds(char c) const noexcept { return c == '_' ? underscore : c == '-' && hyphen; }
};

/// Underscores of Markdown's emphasis at most: `___both___`.
inline constexpr std::size_t longest_emphasis = 3;

/// True when no word runs into `begin`.
constexpr bool begins_apart(std::string_view text, std::size_t begin) noexcept {
  return begin == 0 || follows_escape(text, begin) ||
         (!is_letter_or_digit(text[begin - 1]) && text[begin - 1] != '_');
}

/// True when a token may start at `begin`. Underscores before it are a separator or emphasis; those of its
/// own alphabet may as well be the token's, so that nothing may run into them.
constexpr bool starts_token(std::string_view text, std::size_t begin, token_alphabet own) noexcept {
  if (begin > 0 && text[begin - 1] == '_' && !own.underscore)
    return true;
  for (std::size_t marks = 0; marks < longest_emphasis && begin > 0 && text[begin - 1] == '_'; ++marks)
    --begin;
  return begins_apart(text, begin);
}

/// True when a token may end at `end`. A hyphen or underscore ends it that is not of its own alphabet, as do
/// a dash of two hyphens and the marks of emphasis or punctuation with no word behind.
constexpr bool ends_token(std::string_view text, std::size_t end, token_alphabet own) noexcept {
  if (end == text.size() || !is_base64url(text[end]))
    return true;
  const auto mark = text[end];
  if (is_letter_or_digit(mark))
    return false;
  if (!own.holds(mark) || text.substr(end, 2) == "--")
    return true;
  for (std::size_t marks = 0; marks < longest_emphasis && end < text.size() && text[end] == mark; ++marks)
    ++end;
  return end == text.size() || !is_base64url(text[end]);
}

} // namespace guardrails::checks::secrets
