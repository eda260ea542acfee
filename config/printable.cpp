// Cuts and cleans text for error sentences.
#include "config/printable.hpp"

#include <algorithm>

namespace guardrails::config {

std::string printable(std::string_view text, std::size_t limit) {
  std::string result;
  while (!text.empty()) {
    const auto length = utf8_sequence_length(text);
    const auto control = length == 1 && (text[0] < ' ' || text[0] == '\x7f');
    const auto piece = length == 0 || control ? std::string_view{"?"} : text.substr(0, length);
    if (result.size() + piece.size() > limit)
      return result + "…";
    result += piece;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

} // namespace guardrails::config
