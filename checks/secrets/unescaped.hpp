// Finds a character that no backslash takes the meaning of.
#pragma once

#include <cstddef>
#include <string_view>

namespace guardrails::checks::secrets {

/// The first of `ends` in `text` that is not escaped by a backslash; npos when there is none. A line break
/// always counts.
constexpr std::size_t find_unescaped(std::string_view text, std::string_view ends) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n' && text[i + 1] != '\r')
      ++i;
    else if (ends.find(text[i]) != std::string_view::npos)
      return i;
  }
  return std::string_view::npos;
}

} // namespace guardrails::checks::secrets
