// How much of a text the tagger has decided about, whatever follows.
#pragma once

#include "checks/tagger/model.hpp"

#include <cstddef>
#include <string_view>

namespace guardrails::checks::streaming {

/// Words are labelled together, window by window (tagger/windows.hpp): the windows before this place stay as
/// they are, the one that begins here may become another.
std::size_t settled_names(std::string_view text, const tagger::model& weights);

} // namespace guardrails::checks::streaming
