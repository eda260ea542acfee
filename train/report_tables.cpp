// Figures become text here and nowhere else.
#include "train/report_tables.hpp"

#include <guardrails/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace guardrails::train {

namespace {

std::string count(std::size_t number) {
  return std::to_string(number);
}

// A line of the table of figures: value, threshold, and what the figure was taken from.
using line = std::vector<std::string>;

template <class Figure>
line point_line(std::string name, const std::optional<operating_point>& point, Figure figure) {
  if (!point)
    return {std::move(name), "-", "-", "-", "-"};
  return {std::move(name), shown(figure(point->counts)), shown(point->threshold),
          count(point->counts.true_positives), count(point->counts.false_positives)};
}

report_table figures_of(const score_report& report) {
  const auto f1 = [](const confusion& c) { return c.f1(); };
  const auto recall = [](const confusion& c) { return c.recall(); };
  const auto precision = [](const confusion& c) { return c.precision(); };
  const auto false_positive_rate = [](const confusion& c) { return c.false_positive_rate(); };
  const std::optional<operating_point> here{{report.threshold, report.at_threshold}};
  const auto over_all = [](std::string name, std::optional<double> figure) {
    return line{std::move(name), shown(figure), "", "", ""};
  };
  return {"Figures",
          {"figure", "value", "threshold", "hits", "false alarms"},
          {over_all("AUROC", report.auroc), over_all("AUPRC", report.auprc), point_line("F1", here, f1),
           point_line("precision", here, precision), point_line("recall", here, recall),
           point_line("false positive rate", here, false_positive_rate),
           point_line("best F1", report.best_f1, f1),
           point_line("recall at 1 % FPR", report.at_1_percent, recall),
           point_line("recall at 0.1 % FPR", report.at_01_percent, recall),
           over_all("expected calibration error",
                    report.calibrated ? std::optional{report.calibrated->expected_error} : std::nullopt)}};
}

report_table confusion_of(const score_report& report) {
  const auto& counts = report.at_threshold;
  return {"Confusion at " + shown(report.threshold),
          {"row", "flagged", "passed"},
          {{"y = 1", count(counts.true_positives), count(counts.false_negatives)},
           {"y = 0", count(counts.false_positives), count(counts.true_negatives)}}};
}

std::optional<double> recall_of(const std::optional<confusion>& counts) {
  return counts ? counts->recall() : std::nullopt;
}

constexpr std::size_t least_row_count_of_mean = 2;

// Every slice counts the same, however many rows it has.
class slice_mean {
public:
  void add(std::optional<double> figure) {
    if (!figure)
      return;
    sum_ += *figure;
    ++slices_;
  }
  std::string text() const {
    return slices_ < least_row_count_of_mean ? "" : shown(sum_ / static_cast<double>(slices_));
  }

private:
  double sum_ = 0;
  std::size_t slices_ = 0;
};

report_table slices_of(const slice_table& table) {
  report_table shown_table{"By " + std::string{name_of(table.trait)},
                           {std::string{name_of(table.trait)}, "rows", "positive", "AUROC", "recall",
                            "false alarms", "FPR", "recall at 1 % FPR"},
                           {}};
  std::array<slice_mean, 4> means;
  for (const auto& slice : table.slices) {
    const auto& counts = slice.at_threshold;
    const std::array figures{slice.auroc, counts.recall(), counts.false_positive_rate(),
                             recall_of(slice.at_1_percent)};
    for (std::size_t i = 0; i < figures.size(); ++i)
      means[i].add(figures[i]);
    shown_table.lines.push_back({slice.name.empty() ? "(none)" : slice.name, count(counts.rows()),
                                 count(counts.positives()), shown(figures[0]), shown(figures[1]),
                                 counts.negatives() == 0 ? "-" : count(counts.false_positives),
                                 shown(figures[2]), shown(figures[3])});
  }
  if (table.slices.size() >= least_row_count_of_mean)
    shown_table.lines.push_back(
      {"mean of these", "", "", means[0].text(), means[1].text(), "", means[2].text(), means[3].text()});
  return shown_table;
}

report_table reliability_of(const calibration& calibrated) {
  report_table table{"Reliability", {"score", "rows", "positive", "mean score", "share positive"}, {}};
  for (const auto& bin : calibrated.bins)
    table.lines.push_back({shown(bin.begin).append(" to ").append(shown(bin.end)), count(bin.rows),
                           count(bin.positives), shown(bin.mean_score()), shown(bin.positive_share())});
  return table;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
    std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<std::size_t> widths_of(const report_table& table) {
  std::vector<std::size_t> widths;
  std::ranges::transform(table.columns, std::back_inserter(widths), width_of);
  for (const auto& cells : table.lines)
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], width_of(cells[i]));
  return widths;
}

// The first column begins at the left, the others end at the right.
void append(std::string& text, const line& cells, const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto padding = std::string(widths[i] - width_of(cells[i]), ' ');
    text.append(i == 0 ? "" : "  ");
    text.append(i == 0 ? cells[i] + padding : padding + cells[i]);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  text.append("\n");
}

} // namespace

std::string shown(std::optional<double> figure) {
  if (!figure)
    return "-";
  if (std::isinf(*figure))
    return "none";
  std::array<char, 400> text{}; // the longest double has 309 digits before its point
  const auto [end, problem] =
    std::to_chars(text.data(), text.data() + text.size(), *figure, std::chars_format::fixed, 3);
  return problem == std::errc{} ? std::string{text.data(), end} : "-";
}

std::string headline(const score_report& report) {
  const auto& counts = report.at_threshold;
  return report.head + ", scored by " + report.scored_by + ": " + count(counts.rows()) + " rows, " +
         count(counts.positives()) + " positive, " + count(counts.negatives()) + " negative";
}

std::vector<report_table> tables_of(const score_report& report) {
  std::vector<report_table> tables{figures_of(report), confusion_of(report)};
  std::ranges::transform(report.tables, std::back_inserter(tables), slices_of);
  if (report.calibrated)
    tables.push_back(reliability_of(*report.calibrated));
  return tables;
}

std::string to_text(const score_report& report) {
  auto text = headline(report) + "\n";
  for (const auto& table : tables_of(report)) {
    text.append("\n").append(table.title).append("\n");
    const auto widths = widths_of(table);
    append(text, table.columns, widths);
    for (const auto& cells : table.lines)
      append(text, cells, widths);
  }
  return text;
}

} // namespace guardrails::train
