// Escapes control characters.
#include "apps/terminal_text.hpp"

#include <guardrails/utf8.hpp>

namespace guardrails::apps {

std::string printable(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto clean = well_formed(text);
  std::string out;
  for (std::string_view rest{clean}; !rest.empty();) {
    const auto character = rest.substr(0, utf8_sequence_length(rest));
    if (is_control(character) && character != "\n" && character != "\t") {
      for (const auto c : character) {
        const auto byte = static_cast<unsigned char>(c);
        out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
      }
    } else {
      out += character;
    }
    rest.remove_prefix(character.size());
  }
  return out;
}

} // namespace guardrails::apps
