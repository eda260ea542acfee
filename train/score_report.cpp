// Gathers the figures, and writes them as JSON.
#include "train/score_report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cmath>

namespace guardrails::train {

namespace {

namespace json = boost::json;

slice_table table_of(std::span<const judged_row> rows, row_trait trait, const score_report& whole) {
  slice_table table{trait, {}};
  for (const auto& [name, slice] : slices(rows, trait)) {
    slice_figures figures{name, score_curve{slice}.auroc(), confusion_at(slice, whole.threshold), {}};
    if (whole.at_1_percent)
      figures.at_1_percent = confusion_at(slice, whole.at_1_percent->threshold);
    table.slices.push_back(std::move(figures));
  }
  return table;
}

bool says_anything(const slice_table& table) {
  return table.slices.size() > 1 || (table.slices.size() == 1 && !table.slices.front().name.empty());
}

// In parentheses: braces would make an array of one.
json::value number(std::optional<double> figure) {
  return figure && std::isfinite(*figure) ? json::value(*figure) : json::value{};
}

json::object to_json(const confusion& counts) {
  return {{"f1", number(counts.f1())},
          {"precision", number(counts.precision())},
          {"recall", number(counts.recall())},
          {"fpr", number(counts.false_positive_rate())},
          {"accuracy", number(counts.accuracy())},
          {"true_positives", counts.true_positives},
          {"false_positives", counts.false_positives},
          {"true_negatives", counts.true_negatives},
          {"false_negatives", counts.false_negatives}};
}

json::value to_json(const std::optional<operating_point>& point) {
  if (!point)
    return {};
  auto object = to_json(point->counts);
  object["threshold"] = number(point->threshold); // null: nothing is flagged
  return object;
}

json::object to_json(const calibration& calibrated) {
  json::array bins;
  for (const auto& bin : calibrated.bins)
    bins.push_back(json::object{{"begin", bin.begin},
                                {"end", bin.end},
                                {"rows", bin.rows},
                                {"positives", bin.positives},
                                {"mean_score", number(bin.mean_score())},
                                {"positive_share", number(bin.positive_share())}});
  return {{"expected_error", calibrated.expected_error}, {"bins", std::move(bins)}};
}

json::object to_json(const slice_figures& slice) {
  return {
    {"rows", slice.at_threshold.rows()},
    {"positives", slice.at_threshold.positives()},
    {"auroc", number(slice.auroc)},
    {"at_threshold", to_json(slice.at_threshold)},
    {"at_1_percent_fpr", slice.at_1_percent ? json::value(to_json(*slice.at_1_percent)) : json::value{}}};
}

json::object to_json(const std::vector<slice_table>& tables) {
  json::object all;
  for (const auto& table : tables) {
    json::object slices;
    for (const auto& slice : table.slices)
      slices[slice.name] = to_json(slice);
    const auto trait = name_of(table.trait);
    all[{trait.data(), trait.size()}] = std::move(slices);
  }
  return all;
}

} // namespace

score_report report_on(std::span<const judged_row> rows, std::string head, std::string scored_by,
                       double threshold) {
  const auto all = outcomes(rows);
  const score_curve curve{all};
  score_report report;
  report.head = std::move(head);
  report.scored_by = std::move(scored_by);
  report.threshold = threshold;
  report.auroc = curve.auroc();
  report.auprc = curve.auprc();
  report.at_threshold = confusion_at(all, threshold);
  report.best_f1 = curve.best_f1();
  report.at_1_percent = curve.at_one_false_positive_in(100);
  report.at_01_percent = curve.at_one_false_positive_in(1000);
  report.calibrated = calibration_of(all);
  for (std::size_t i = 0; i < row_trait_names.size(); ++i) {
    auto table = table_of(rows, static_cast<row_trait>(i), report);
    if (says_anything(table))
      report.tables.push_back(std::move(table));
  }
  return report;
}

json::object to_json(const score_report& report) {
  return {{"head", report.head},
          {"scored_by", report.scored_by},
          {"rows", report.at_threshold.rows()},
          {"positives", report.at_threshold.positives()},
          {"auroc", number(report.auroc)},
          {"auprc", number(report.auprc)},
          {"threshold", report.threshold},
          {"at_threshold", to_json(report.at_threshold)},
          {"best_f1", to_json(report.best_f1)},
          {"at_1_percent_fpr", to_json(report.at_1_percent)},
          {"at_0.1_percent_fpr", to_json(report.at_01_percent)},
          {"calibration", report.calibrated ? json::value(to_json(*report.calibrated)) : json::value{}},
          {"slices", to_json(report.tables)}};
}

} // namespace guardrails::train
