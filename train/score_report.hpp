// What there is to say of the scores of one head: its figures over all rows, by slice, and its calibration.
#pragma once

#include "train/judged_row.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guardrails::train {

/// Rows that have a value of some trait in common. Of rows that are all positive, only recalls are defined;
/// of benign ones, only the false positive rates.
struct slice_figures {
  std::string name; ///< empty: the rows that do not say
  std::optional<double> auroc;
  confusion at_threshold;
  std::optional<confusion> at_1_percent; ///< at the threshold that over all rows gives 1 % false positives
};

struct slice_table {
  row_trait trait = row_trait::source;
  std::vector<slice_figures> slices; ///< by name
};

struct score_report {
  std::string head;
  std::string scored_by; ///< a model and its version, or files of scores
  double threshold = 0;
  std::optional<double> auroc;
  std::optional<double> auprc;
  confusion at_threshold;
  std::optional<operating_point> best_f1;
  std::optional<operating_point> at_1_percent;  ///< most recall at a false positive rate of 1 %
  std::optional<operating_point> at_01_percent; ///< of 0.1 %
  std::optional<calibration> calibrated;
  std::vector<slice_table> tables; ///< of the traits that any row has
};

score_report report_on(std::span<const judged_row> rows, std::string head, std::string scored_by,
                       double threshold);

/// Figures that are not defined are null.
boost::json::object to_json(const score_report& report);

} // namespace guardrails::train
