// Counts what reports say.
#include "apps/gateway/check_metrics.hpp"

namespace guardrails::gateway {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

} // namespace

std::size_t check_metrics::index_of(std::string_view check) noexcept {
  const auto found = std::ranges::find(names, check);
  return std::min<std::size_t>(static_cast<std::size_t>(found - names.begin()), names.size() - 1);
}

void check_metrics::judged(judged_as what, const check_report& report) noexcept {
  auto& times = times_[static_cast<std::size_t>(what)];
  for (const auto& [check, microseconds] : report.latency_us)
    times[index_of(check)].add(std::chrono::microseconds{static_cast<std::int64_t>(microseconds)});
  for (const auto& found : report.findings)
    findings_[index_of(found.check)][static_cast<std::size_t>(found.action)].fetch_add(1, relaxed);
  for (const auto& failure : report.errors)
    failures_[index_of(failure.check)].fetch_add(1, relaxed);
}

void check_metrics::append_to(std::string& out) const {
  append_times(out);
  append_findings(out);
  append_failures(out);
}

void check_metrics::append_times(std::string& out) const {
  constexpr std::string_view name = "guardrails_check_seconds";
  append_head(out, name, "histogram",
              "Time of each check on a text; patterns and heads are what several checks share.");
  for (std::size_t r = 0; r < rails; ++r)
    for (std::size_t c = 0; c < names.size(); ++c)
      if (const auto& times = times_[r][c]; !times.empty())
        times.append_to(
          out, name,
          label("check", names[c]).append(",").append(label("rail", to_string(static_cast<judged_as>(r)))));
}

void check_metrics::append_findings(std::string& out) const {
  constexpr std::string_view name = "guardrails_check_findings_total";
  append_head(out, name, "counter", "Findings, by check and by what the policy does with them.");
  for (std::size_t c = 0; c < names.size(); ++c)
    for (std::size_t a = 0; a < actions; ++a)
      if (const auto count = findings_[c][a].load(relaxed))
        append_sample(out, name,
                      label("check", names[c])
                        .append(",")
                        .append(label("action", to_string(static_cast<finding_action>(a)))),
                      std::to_string(count));
}

void check_metrics::append_failures(std::string& out) const {
  constexpr std::string_view name = "guardrails_check_errors_total";
  append_head(out, name, "counter", "Texts that a check could not judge.");
  for (std::size_t c = 0; c < names.size(); ++c)
    if (const auto count = failures_[c].load(relaxed))
      append_sample(out, name, label("check", names[c]), std::to_string(count));
}

} // namespace guardrails::gateway
