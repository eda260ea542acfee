// Where a link may have begun whose target has not ended yet.
#pragma once

#include <cstddef>
#include <string_view>

namespace guardrails::checks::streaming {

/// The first place from which on what follows `text` may still make a target of a link that white space does
/// not end: a quoted attribute, or code behind its scheme. The end of the text where none is open.
std::size_t first_open_link(std::string_view text);

} // namespace guardrails::checks::streaming
