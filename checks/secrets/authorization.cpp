// Credentials in the headers of HTTP requests: `Authorization: Bearer …`, with or without a scheme.
#include "checks/secrets/ascii.hpp"
#include "checks/secrets/entropy.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/secrets/token_format.hpp"

#include <algorithm>

namespace guardrails::checks::secrets {

namespace {

constexpr std::size_t least_value = 16;
constexpr std::size_t most_marks = 8;

constexpr std::size_t longest_scheme = 16;

bool is_value_character(char c) noexcept {
  return is_base64url(c) || c == '.' || c == '+' || c == '/' || c == '=' || c == '~' || c == '@';
}

// Past the colon, blanks, quotes and a scheme such as `Bearer`; npos when no colon or equals sign follows.
std::size_t begin_of_value(std::string_view text, std::size_t pos) {
  bool assigned = false;
  for (const auto limit = pos + most_marks; pos < text.size() && pos < limit; ++pos) {
    const auto c = text[pos];
    if (c == ':' || c == '=')
      assigned = true;
    else if (c != ' ' && c != '"' && c != '\'' && c != '\\')
      break;
  }
  if (!assigned)
    return std::string_view::npos;
  auto end = pos;
  while (end < text.size() && end - pos < longest_scheme && (is_ascii_letter(text[end]) || text[end] == '-'))
    ++end;
  return end > pos && end < text.size() && text[end] == ' ' ? end + 1 : pos;
}

secret_verdict verify(std::string_view text, match_range candidate) {
  const auto begin = begin_of_value(text, candidate.end);
  if (begin == std::string_view::npos)
    return {std::nullopt, candidate.end};
  auto end = begin;
  while (end < text.size() && is_value_character(text[end]))
    ++end;
  const auto value = text.substr(begin, end - begin);
  if (value.size() < least_value || is_filler(value) || is_placeholder(value) || entropy(value) < 3 ||
      kind_changes(value) * 6 < value.size())
    return {std::nullopt, std::max(end, candidate.end)};
  return {secret{{begin, end}, "AUTHORIZATION", "authorization", certain}, end};
}

} // namespace

secret_form authorization_form() {
  return {"authorization", "(?i:authorization)", verify};
}

} // namespace guardrails::checks::secrets
