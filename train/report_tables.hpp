// A report of scores as tables of text.
#pragma once

#include "train/score_report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace guardrails::train {

struct report_table {
  std::string title;
  std::vector<std::string> columns; ///< the first names what a line is of, the others hold figures
  std::vector<std::vector<std::string>> lines;
};

/// `0.950`; `-` where it is not defined; `none` where it is infinite.
std::string shown(std::optional<double> figure);

/// The one line that says what a report is of.
std::string headline(const score_report& report);

std::vector<report_table> tables_of(const score_report& report);

/// The headline and the tables in columns.
std::string to_text(const score_report& report);

} // namespace guardrails::train
