// The report as one page that needs nothing but itself.
#pragma once

#include "apps/load/report.hpp"

#include <span>
#include <string>

namespace guardrails::load {

/// Figures and plots of each run; of several rates also what was good against what was offered.
std::string to_html(std::span<const report> runs);

} // namespace guardrails::load
