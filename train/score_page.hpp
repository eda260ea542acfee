// A report of scores as a page, and its reliability diagram.
#pragma once

#include "train/score_report.hpp"

#include <string>

namespace guardrails::train {

/// An HTML file that needs no other and runs nothing; whatever the rows say is escaped.
std::string to_html(const score_report& report);

/// An SVG file: share of positives over mean score, bin by bin, with how many rows each bin has. Without
/// points where the scores are no probabilities.
std::string reliability_svg(const score_report& report);

} // namespace guardrails::train
