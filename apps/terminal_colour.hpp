// Colours on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace guardrails::apps {

enum class colour : std::uint8_t { red, green, yellow, faint };

/// When output is coloured: on a terminal unless the environment has NO_COLOR, always, or never.
enum class colour_choice : std::uint8_t { automatic, always, never };

/// Whether standard output is to be coloured.
bool wants_colour(colour_choice choice);

/// Colours text with the escape sequences of ECMA-48, or leaves it as it is.
class painter {
public:
  explicit painter(bool colours)
    : colours_{colours} {}

  std::string operator()(colour c, std::string_view text) const;

private:
  bool colours_;
};

} // namespace guardrails::apps
