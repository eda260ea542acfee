// The targets of links in HTML and Markdown that a browser reads otherwise than they are written: it drops
// white space before them, and tabs and line breaks within them (WHATWG URL Standard, 4.4), and takes
// backslashes for slashes.
#pragma once

#include "checks/pattern_engine.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::checks::urls {

struct link_target {
  std::string seen;       ///< what a browser sees; empty: there is no target here, or it is read as written
  match_range where;      ///< as written
  bool broken = false;    ///< something within it is not seen
  bool closed = false;    ///< it ends at `where.end`, else where an address would
  std::size_t resume = 0; ///< where the search for the next one may go on
};

/// The first character from `begin` on that is no white space and no control character.
std::size_t first_visible(std::string_view text, std::size_t begin) noexcept;

/// The value of `href`, `src` and the like whose `=` stands at `equals`.
link_target html_target(std::string_view text, std::size_t equals);

/// The target of `](target)` or `]: target` whose `]` stands at `bracket`.
link_target markdown_target(std::string_view text, std::size_t bracket);

} // namespace guardrails::checks::urls
