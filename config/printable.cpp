// Cuts and cleans text for error sentences.
#include "config/printable.hpp"

#include <algorithm>

namespace guardrails::config {

std::string printable(std::string_view text, std::size_t limit) {
  std::string result;
  while (!text.empty()) {
    const auto length = utf8_sequence_length(text);
    const auto shown = length > 0 && !is_control(text.substr(0, length));
    const auto piece = shown ? text.substr(0, length) : std::string_view{"?"};
    if (result.size() + piece.size() > limit)
      return result + "…";
    result += piece;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

} // namespace guardrails::config
