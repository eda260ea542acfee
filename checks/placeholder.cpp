// Reads what models make of placeholders.
#include "checks/placeholder.hpp"

#include <guardrails/ascii.hpp>

#include <algorithm>

namespace guardrails::checks {

namespace {

constexpr std::string_view opening[] = {"<", "&lt;", "\uFF1C"};
constexpr std::string_view closing[] = {">", "&gt;", "\uFF1E"};
constexpr std::string_view opening_bytes = "<&\xEF"; // with which one of the above begins
constexpr std::string_view separators[] = {" ",      "_",      "-",      "\\",     "\n",     "\t",
                                           "\r",     "\u00A0", "\u2009", "\u202F", "\u00AD", "\u200B",
                                           "\u200C", "\u200D", "\u2060", "\uFEFF", "\u2010", "\u2011"};

/// Bytes of the first of `tokens` that `text` begins with; 0: none. `unfinished` is set where `text` ends
/// within one.
template <std::size_t Count>
std::size_t token_length(std::string_view text, const std::string_view (&tokens)[Count], bool& unfinished) {
  for (const auto token : tokens) {
    if (text.starts_with(token))
      return token.size();
    unfinished |= token.starts_with(text);
  }
  return 0;
}

char capital(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// A name and a number: begins with a letter and ends in a digit.
bool names_a_value(std::string_view key) noexcept {
  return !key.empty() && !is_digit(key.front()) && is_digit(key.back());
}

} // namespace

placeholder read_placeholder(std::string_view text) {
  text = text.substr(0, longest_placeholder);
  placeholder found;
  bool unfinished = false;
  auto pos = token_length(text, opening, unfinished);
  if (pos == 0) {
    found.match = unfinished ? placeholder_match::unfinished : placeholder_match::none;
    return found;
  }
  while (pos < text.size()) {
    const auto rest = text.substr(pos);
    unfinished = false;
    if (is_letter_or_digit(rest.front())) {
      found.key += capital(rest.front());
      ++pos;
    } else if (const auto separator = token_length(rest, separators, unfinished); separator > 0) {
      pos += separator;
    } else if (const auto end = token_length(rest, closing, unfinished); end > 0) {
      found.match = names_a_value(found.key) ? placeholder_match::whole : placeholder_match::none;
      found.length = pos + end;
      return found;
    } else {
      found.match = unfinished && text.size() < longest_placeholder ? placeholder_match::unfinished
                                                                    : placeholder_match::none;
      return found;
    }
  }
  found.match = text.size() < longest_placeholder ? placeholder_match::unfinished : placeholder_match::none;
  return found;
}

std::size_t find_placeholder_begin(std::string_view text, std::size_t from) noexcept {
  return std::min(text.find_first_of(opening_bytes, from), text.size());
}

std::string write_placeholder(std::string_view entity, std::uint32_t number) {
  std::string out = "<";
  return out.append(entity).append("_").append(std::to_string(number)).append(">");
}

} // namespace guardrails::checks
