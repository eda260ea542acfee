// A value that a text assigns to a name, in any of the notations people use.
#pragma once

#include "checks/pattern_engine.hpp"

#include <optional>
#include <string_view>

namespace guardrails::checks::secrets {

/// The value assigned to a name.
struct assigned_place {
  match_range where; ///< of the value, without quotes
  bool quoted = false;
  bool is_code = false; ///< the value goes on as an expression does: a call, an index, a block
  bool is_cut = false;  ///< the value is longer than what was looked at; whole() finds its end
};

/// Bytes of a name at most, of a value without quotes that are looked at, and of a quoted value at most: the
/// next assignment's quote ends the search for that of the one before, so that it may look further.
inline constexpr std::size_t longest_name = 80;
inline constexpr std::size_t longest_plain_value = 256;
inline constexpr std::size_t longest_quoted_value = 4'096;

/// Where the name around byte `inside` begins and ends, `API key` as one; a run longer than a name is no name
/// and comes out empty, past itself.
match_range name_around(std::string_view text, match_range inside);

/// The value that follows the name: after `=`, `:`, `:=`, `=>`, `: type =`, ` is `, as the next argument, the
/// text of an XML element, the attribute `value`, or the word after an option such as `--token`.
std::optional<assigned_place> value_after(std::string_view text, match_range name);

/// The place of the whole value, however long. To stay linear, ask for what is accepted only, and go on
/// behind.
match_range whole(std::string_view text, const assigned_place& place);

} // namespace guardrails::checks::secrets
