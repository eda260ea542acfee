// One line that says how a run goes, written over and over on a terminal.
#pragma once

#include "apps/load/course.hpp"

#include <span>
#include <string>

namespace guardrails::load {

/// What the last interval was like, and the p99 of those before it as bars.
std::string progress_text(std::span<const moment> course);

/// Takes the line's place by the next one; nothing where standard error is no terminal.
void show_progress(std::span<const moment> course);

/// Leaves no trace of it.
void clear_progress();

} // namespace guardrails::load
