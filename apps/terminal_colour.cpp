// Writes escape sequences.
#include "apps/terminal_colour.hpp"

#include <cstdlib>
#include <unistd.h>

namespace guardrails::apps {

bool wants_colour(colour_choice choice) {
  if (choice != colour_choice::automatic)
    return choice == colour_choice::always;
  const auto* refusal = std::getenv("NO_COLOR"); // https://no-color.org
  return isatty(STDOUT_FILENO) == 1 && (refusal == nullptr || *refusal == '\0');
}

std::string painter::operator()(colour c, std::string_view text) const {
  if (!colours_)
    return std::string{text};
  const auto code = c == colour::red ? "31" : c == colour::green ? "32" : c == colour::yellow ? "33" : "2";
  return std::string{"\x1b["}.append(code).append("m").append(text).append("\x1b[0m");
}

} // namespace guardrails::apps
