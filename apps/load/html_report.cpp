// Chooses what is plotted; no scripts, and nothing from elsewhere.
#include "apps/load/html_report.hpp"

#include "apps/load/plot.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <sstream>
#include <utility>

namespace guardrails::load {
namespace {

constexpr auto* head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>guardrails load</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .75rem; font-size: 13px; }
figure { margin: 2rem 0; }
figcaption { font-weight: 600; }
svg { width: 100%; height: auto; }
svg line { stroke: var(--line); }
svg text { fill: currentColor; font-size: 11px; }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
.c0 { stroke: #2a78d6; } .c1 { stroke: #d9480f; } .c2 { stroke: #2b8a3e; }
.legend { list-style: none; display: flex; gap: 1.5rem; margin: 0; padding: 0; font-size: 13px; }
.legend li { stroke: none; }
.legend li::before { content: ""; display: inline-block; width: 1rem; height: 3px; margin-right: .5rem;
  vertical-align: middle; background: #2a78d6; }
.legend .c1::before { background: #d9480f; } .legend .c2::before { background: #2b8a3e; }
</style></head><body>
<h1>guardrails load</h1>
)";

/// The moments of the run's time; what came after it is in the figures alone.
std::span<const moment> within_run(const report& run) {
  const auto& course = run.result.course;
  const auto after = std::ranges::upper_bound(course, run.result.lasted.count() + 1e-9, {}, &moment::at);
  return {course.begin(), after};
}

/// The same times without those in which no answer came.
template <class Figure>
curve over_answers(std::string name, std::span<const moment> course, Figure figure) {
  curve found{std::move(name), {}};
  for (const auto& each : course)
    if (each.p99 > 0)
      found.points.emplace_back(each.at, figure(each));
  return found;
}

/// Of the moments, one figure over their times.
template <class Figure>
curve over_time(std::string name, std::span<const moment> course, Figure figure) {
  curve found{std::move(name), {}};
  for (const auto& each : course)
    found.points.emplace_back(each.at, figure(each));
  return found;
}

plot latencies(const std::string& id, const report& run) {
  const auto course = within_run(run);
  return {"latency" + id,
          "Latency over time",
          "seconds",
          "ms",
          {over_answers("p50", course, [](const moment& each) { return each.p50; }),
           over_answers("p99", course, [](const moment& each) { return each.p99; })}};
}

plot throughput(const std::string& id, const report& run) {
  const auto course = within_run(run);
  return {"throughput" + id,
          "Throughput and offered load",
          "seconds",
          "requests a second",
          {over_time("offered", course, [](const moment& each) { return each.offered; }),
           over_time("bad", course, [](const moment& each) { return each.bad; }),
           over_time("good", course, [](const moment& each) { return each.good; })}};
}

/// Nines on the x axis: each is a tenth of the requests before it.
plot percentiles(const std::string& id, const report& run) {
  plot what{"percentiles" + id, "Percentiles of the latency", "% of answers", "ms", {{"latency", {}}}};
  const auto& times = run.result.count.latency;
  const auto nines = std::log10(std::max<double>(static_cast<double>(times.count()), 10));
  for (double at = 0; at <= std::min(nines, 5.0) + 1e-9; at += 0.05) {
    const auto time = times.quantile(1 - std::pow(10, -at));
    what.curves[0].points.emplace_back(at, std::chrono::duration<double, std::milli>{time}.count());
  }
  constexpr std::array names{"0", "90", "99", "99.9", "99.99", "99.999"};
  for (std::size_t nine = 0; nine < names.size() && static_cast<double>(nine) <= nines + 1e-9; ++nine)
    what.x_marks.push_back({static_cast<double>(nine), names[nine]});
  return what;
}

plot against_offered(std::span<const report> runs) {
  plot what{"goodput", "Goodput against offered load", "offered a second", "a second", {{"good", {}}}};
  for (const auto& run : runs)
    what.curves[0].points.emplace_back(run.rate, run.goodput());
  std::ranges::sort(what.curves[0].points);
  return what;
}

template <class Figure>
plot of_process(std::string id, std::string title, std::string unit, const report& run, Figure figure) {
  plot what{std::move(id), std::move(title), "seconds", std::move(unit), {{"process", {}}}};
  for (const auto& each : within_run(run))
    if (each.process)
      what.curves[0].points.emplace_back(each.at, figure(*each.process));
  return what;
}

std::string run_to_html(const std::string& id, const report& run) {
  std::ostringstream text;
  print(text, run);
  auto page = "<section><pre>" + html_escaped(text.str()) + "</pre>\n";
  page += to_svg(latencies(id, run));
  page += to_svg(percentiles(id, run));
  page += to_svg(throughput(id, run));
  const auto& course = run.result.course;
  if (std::ranges::any_of(course, [](const moment& each) { return each.process.has_value(); })) {
    page += to_svg(of_process("cores" + id, "Processors that the watched process keeps busy", "cores", run,
                              [](const process_usage& each) { return each.cores; }));
    page += to_svg(of_process("memory" + id, "Resident memory of the watched process", "MB", run,
                              [](const process_usage& each) { return each.resident_mb; }));
  }
  return page += "</section>\n";
}

} // namespace

std::string to_html(std::span<const report> runs) {
  std::string page = head;
  if (runs.size() > 1) {
    std::ostringstream table;
    print_table(table, runs);
    page += "<pre>" + html_escaped(table.str()) + "</pre>\n" + to_svg(against_offered(runs));
  }
  for (std::size_t i = 0; i < runs.size(); ++i)
    page += run_to_html(std::string{"-"}.append(std::to_string(i + 1)), runs[i]);
  return page += "</body></html>\n";
}

} // namespace guardrails::load
