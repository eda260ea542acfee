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
};

/// Bytes of a name and of a value at most.
inline constexpr std::size_t longest_name = 80;
inline constexpr std::size_t longest_value = 256;

/// Where the name around byte `inside` begins and ends; a run longer than a name is no name and comes out
/// empty, past itself.
match_range name_around(std::string_view text, match_range inside);

/// The value that follows the name: after `=`, `:`, `:=`, `=>`, `: type =`, ` is `, as the next argument, the
/// text of an XML element, the attribute `value`, or the word after an option such as `--token`.
std::optional<assigned_place> value_after(std::string_view text, match_range name);

} // namespace guardrails::checks::secrets
