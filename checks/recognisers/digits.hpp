// Numbers as people write them: digit groups, the characters between them, and what may stand around them.
#pragma once

#include "checks/pattern_engine.hpp"

#include <guardrails/ascii.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// RE2 class of one character between digit groups: space, hyphen, dot, no-break space or a Unicode dash.
inline constexpr std::string_view separator_class = R"((?:[ .\-\x{A0}\x{202F}\x{2010}-\x{2015}\x{2212}]))";

/// A hyphen, Unicode's dashes and the minus sign.
bool is_dash(char32_t c) noexcept;

/// Length in bytes of such a separator at `pos`, 0 if there is none.
std::size_t separator_length(std::string_view text, std::size_t pos) noexcept;

/// A run of digit groups with exactly one separator between neighbours.
struct digit_chain {
  std::string digits;
  std::vector<match_range> groups;
  bool complete = true; ///< false: more groups follow than were read

  std::size_t end() const noexcept { return groups.empty() ? 0 : groups.back().end; }
};

/// Reads the chain that starts at `pos`; stops before a group that would exceed `max_digits`, but reads the
/// first group whole.
digit_chain read_digits(std::string_view text, std::size_t pos, std::size_t max_digits);

/// True when the number is not a part of something longer: a word, an identifier with hyphens, a decimal, a
/// date, a time, a version, a percentage.
bool stands_alone(std::string_view text, match_range number) noexcept;

/// End of the digits, dots, hyphens and the like that begin at `pos`: where a search goes on after a refused
/// number.
std::size_t skip_number(std::string_view text, std::size_t pos) noexcept;

} // namespace guardrails::checks
