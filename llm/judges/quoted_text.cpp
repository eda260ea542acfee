// Judged texts as data: whatever they say, they stay in their place.
#include "llm/json_text.hpp"
#include "llm/judges/formats.hpp"

namespace guardrails::llm {

namespace {

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

/// The escape of the byte at `i`; empty: it may stay.
std::string_view escape_at(std::string_view json, std::size_t i) {
  switch (json[i]) {
  case '<':
    return "\\u003c";
  case '>':
    return "\\u003e";
  case '[':
    return i + 1 < json.size() && (json[i + 1] == '/' || is_capital(json[i + 1])) ? "\\u005b" : "";
  default:
    return "";
  }
}

} // namespace

std::string quoted_as_data(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  std::string quoted;
  quoted.reserve(json.size() + json.size() / 16);
  for (std::size_t i = 0; i < json.size(); ++i)
    if (const auto escape = escape_at(json, i); escape.empty())
      quoted += json[i];
    else
      quoted += escape;
  return quoted;
}

std::string_view without_blanks(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

} // namespace guardrails::llm
