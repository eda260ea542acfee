// Markup by hand: a page of tables and one diagram.
#include "train/score_page.hpp"

#include "train/report_tables.hpp"

#include <algorithm>

namespace guardrails::train {

namespace {

constexpr double plot_left = 56;
constexpr double plot_top = 36;
constexpr double plot_size = 320;
constexpr double bars_top = 404;
constexpr double bars_height = 60;

constexpr std::string_view style = R"(<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .8rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child, td:first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; }
</style>
)";

// Also what stands between quotes; control characters, which no page may hold, become U+FFFD.
std::string escaped(std::string_view text) {
  std::string out;
  for (const auto c : text)
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
        out += "\xEF\xBF\xBD";
      else
        out += c;
    }
  return out;
}

std::string attribute(std::string_view name, double value) {
  return std::string{" "}.append(name).append("=\"").append(shown(value)).append("\"");
}

std::string label(double x, double y, std::string_view anchor, std::string_view text) {
  return "<text" + attribute("x", x) + attribute("y", y) + " text-anchor=\"" + std::string{anchor} + "\">" +
         escaped(text) + "</text>\n";
}

std::string rule(double x1, double y1, double x2, double y2, std::string_view look) {
  return "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
         " " + std::string{look} + "/>\n";
}

double across(double share) {
  return plot_left + share * plot_size;
}

double upward(double share) {
  return plot_top + (1 - share) * plot_size;
}

std::string axes() {
  std::string svg;
  for (const auto tick : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    svg += rule(across(tick), upward(0), across(tick), upward(1), "stroke=\"#ddd\"");
    svg += rule(across(0), upward(tick), across(1), upward(tick), "stroke=\"#ddd\"");
    svg += label(across(tick), upward(0) + 16, "middle", shown(tick).substr(0, 4));
    svg += label(across(0) - 6, upward(tick) + 4, "end", shown(tick).substr(0, 4));
  }
  svg += rule(across(0), upward(0), across(1), upward(1), "stroke=\"#888\" stroke-dasharray=\"4 4\"");
  svg += label(across(0.5), upward(0) + 34, "middle", "mean score");
  svg += "<text transform=\"translate(14 " + shown(upward(0.5)) +
         ") rotate(-90)\" text-anchor=\"middle\">share of positives</text>\n";
  return svg;
}

std::string points(const calibration& calibrated) {
  std::string path;
  std::string marks;
  for (const auto& bin : calibrated.bins) {
    if (bin.rows == 0)
      continue;
    const auto x = across(bin.mean_score().value_or(0));
    const auto y = upward(bin.positive_share().value_or(0));
    path.append(path.empty() ? "" : " ").append(shown(x)).append(",").append(shown(y));
    marks += "<circle" + attribute("cx", x) + attribute("cy", y) + " r=\"4\" fill=\"#06c\"><title>" +
             std::to_string(bin.positives) + " of " + std::to_string(bin.rows) +
             " positive</title></circle>\n";
  }
  return "<polyline points=\"" + path + "\" fill=\"none\" stroke=\"#06c\" stroke-width=\"1.5\"/>\n" + marks;
}

std::string bars(const calibration& calibrated) {
  const auto most = std::ranges::max(calibrated.bins, {}, &reliability_bin::rows).rows;
  std::string svg;
  for (const auto& bin : calibrated.bins) {
    const auto height = bars_height * static_cast<double>(bin.rows) / static_cast<double>(most);
    svg += "<rect" + attribute("x", across(bin.begin) + 1) + attribute("y", bars_top + bars_height - height) +
           attribute("width", across(bin.end) - across(bin.begin) - 2) + attribute("height", height) +
           " fill=\"#9bd\"/>\n";
    svg += label(across((bin.begin + bin.end) / 2), bars_top + bars_height + 14, "middle",
                 std::to_string(bin.rows));
  }
  return svg + label(across(0.5), bars_top + bars_height + 32, "middle", "rows");
}

std::string html(const report_table& table) {
  std::string text = "<h2>" + escaped(table.title) + "</h2>\n<table>\n<thead><tr>";
  for (const auto& column : table.columns)
    text += "<th>" + escaped(column) + "</th>";
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& cells : table.lines) {
    text += "<tr>";
    for (const auto& cell : cells)
      text += "<td>" + escaped(cell) + "</td>";
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table>\n";
}

} // namespace

std::string reliability_svg(const score_report& report) {
  std::string svg =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 508\" width=\"400\" height=\"508\" "
    "font-family=\"system-ui, sans-serif\" font-size=\"12\" role=\"img\">\n"
    "<rect width=\"400\" height=\"508\" fill=\"#fff\"/>\n";
  svg += "<title>Reliability of " + escaped(report.head) + "</title>\n";
  svg += label(across(0.5), 22, "middle", "Reliability of " + report.head);
  svg += axes();
  if (report.calibrated)
    svg += points(*report.calibrated) + bars(*report.calibrated);
  return svg + "</svg>\n";
}

std::string to_html(const score_report& report) {
  std::string page =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Scores of " +
    escaped(report.head) + "</title>\n" + std::string{style} + "</head>\n<body>\n<h1>Scores of " +
    escaped(report.head) + "</h1>\n<p>" + escaped(headline(report)) + "</p>\n";
  for (const auto& table : tables_of(report))
    page += html(table);
  return page + reliability_svg(report) + "</body>\n</html>\n";
}

} // namespace guardrails::train
