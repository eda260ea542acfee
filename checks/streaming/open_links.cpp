// Looks at the last kilobytes: a target does not go on for longer.
#include "checks/streaming/open_links.hpp"

#include <algorithm>

namespace guardrails::checks::streaming {

namespace {

constexpr std::size_t longest_target = 4'608;
constexpr std::size_t longest_scheme = 10; // `javascript`, `vbscript`

bool is_blank(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_blank(text[at]))
    ++at;
  return at;
}

bool goes_on_behind_sign(std::string_view text, std::size_t equals) {
  const auto begin = skip_blanks(text, equals + 1);
  if (begin == text.size())
    return true;
  const auto quote = text[begin];
  return (quote == '"' || quote == '\'') && text.find(quote, begin + 1) == std::string_view::npos;
}

// Whether what follows is code is told by its first word.
bool goes_on_behind_scheme(std::string_view text, std::size_t colon) {
  const auto word = skip_blanks(text, colon + 1);
  return std::find_if(text.begin() + static_cast<std::ptrdiff_t>(word), text.end(), is_blank) == text.end();
}

bool ends_scheme(std::string_view text, std::size_t colon) {
  const auto letter = [&](std::size_t back) { return static_cast<char>(text[colon - back] | 0x20); };
  return colon >= 2 && letter(1) == 't' && letter(2) == 'p';
}

} // namespace

std::size_t first_open_link(std::string_view text) {
  for (auto at = text.size() - std::min(text.size(), longest_target); at < text.size(); ++at) {
    if (text[at] == '=' && goes_on_behind_sign(text, at))
      return at;
    if (text[at] == ':' && ends_scheme(text, at) && goes_on_behind_scheme(text, at))
      return at - std::min(at, longest_scheme);
  }
  return text.size();
}

} // namespace guardrails::checks::streaming
