// Bars of eight heights, on standard error: standard output has the report.
#include "apps/load/progress_line.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unistd.h>

namespace guardrails::load {
namespace {

constexpr std::array bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::size_t most_bars = 20; // all of it fits into eighty columns
constexpr auto* line_start = "\r\x1b[K";

std::string sparkline(std::span<const moment> course) {
  const auto shown = course.last(std::min(course.size(), most_bars));
  const auto greatest = std::ranges::max_element(shown, {}, &moment::p99)->p99;
  std::string text;
  for (const auto& each : shown) {
    const auto share = greatest > 0 ? each.p99 / greatest : 0;
    text += bars[static_cast<std::size_t>(share * (bars.size() - 1) + 0.5)];
  }
  return text;
}

} // namespace

std::string progress_text(std::span<const moment> course) {
  if (course.empty())
    return {};
  const auto& last = course.back();
  char figures[128];
  std::snprintf(figures, sizeof figures, "%4.0f s  %.0f/s offered, %.0f good, %.0f bad, p99 %.1f ms  ",
                last.at, last.offered, last.good, last.bad, last.p99);
  return figures + sparkline(course);
}

void show_progress(std::span<const moment> course) {
  if (isatty(STDERR_FILENO) != 0)
    std::fprintf(stderr, "%s%s", line_start, progress_text(course).c_str());
}

void clear_progress() {
  if (isatty(STDERR_FILENO) != 0)
    std::fputs(line_start, stderr);
}

} // namespace guardrails::load
