// Escapes control characters.
#include "apps/terminal_text.hpp"

#include <guardrails/utf8.hpp>

#include <cstddef>

namespace guardrails::apps {

std::string printable(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto clean = well_formed(text);
  std::string out;
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const auto c = static_cast<unsigned char>(clean[i]);
    const bool c1 = c == 0xc2 && i + 1 < clean.size() && static_cast<unsigned char>(clean[i + 1]) < 0xa0;
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || c1) {
      const auto shown = c1 ? static_cast<unsigned char>(clean[++i]) : c;
      out += {'\\', 'x', digits[shown >> 4], digits[shown & 15]};
    } else {
      out += clean[i];
    }
  }
  return out;
}

} // namespace guardrails::apps
