// Where in a text SQL stands: in fenced blocks first, then where a line begins like a statement.
#pragma once

#include "checks/check.hpp"
#include "checks/sql/tokens.hpp"

#include <string_view>
#include <vector>

namespace guardrails::checks::sql {

/// A piece of text to be parsed as one or more statements: [begin, end) in bytes.
struct source {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// All such pieces in order, none overlapping. Linear in the length of `text`. Once `stop` says so, what was
/// found until then.
std::vector<source> find_sources(std::string_view text, sql_dialect dialect, const stop_function& stop = {});

} // namespace guardrails::checks::sql
