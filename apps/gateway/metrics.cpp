// Counts, and writes the counts in Prometheus' text format.
#include "apps/gateway/metrics.hpp"

#include <algorithm>
#include <string_view>

namespace guardrails::gateway {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::array<std::string_view, 5> stage_names{"queue", "input_checks", "llm", "output_checks",
                                                      "total"};

} // namespace

void metrics::answered(route to, unsigned status) noexcept {
  const auto found = std::ranges::find(statuses, status);
  const auto index =
    std::min<std::size_t>(static_cast<std::size_t>(found - statuses.begin()), statuses.size() - 1);
  requests_[static_cast<std::size_t>(to)][index].fetch_add(1, relaxed);
}

void metrics::blocked(block_reason reason) noexcept {
  blocked_[static_cast<std::size_t>(reason)].fetch_add(1, relaxed);
}

void metrics::finished(const generation& result) noexcept {
  if (result.blocked && result.block_reason)
    blocked(*result.block_reason);
  const auto& t = result.timings;
  const std::array<std::uint64_t, stage_count> times{t.queue, t.input_checks, t.llm, t.output_checks,
                                                     t.total};
  for (std::size_t i = 0; i < stage_count; ++i)
    stages_[i].add(std::chrono::microseconds{times[i]});
  if (result.input_check)
    checks.judged(judged_as::input, *result.input_check);
  if (result.output_check)
    checks.judged(judged_as::output, *result.output_check);
  upstream.finished(result);
}

void metrics::append_requests(std::string& out) const {
  append_head(out, "guardrails_requests_total", "counter", "Requests answered, by route and status.");
  for (std::size_t r = 0; r < route_count; ++r)
    for (std::size_t s = 0; s < statuses.size(); ++s)
      if (const auto count = requests_[r][s].load(relaxed)) {
        auto labels = label("route", to_string(static_cast<route>(r))).append(",");
        labels += label("status", statuses[s] == 0 ? "other" : std::to_string(statuses[s]));
        append_sample(out, "guardrails_requests_total", labels, std::to_string(count));
      }
}

void metrics::append_generations(std::string& out) const {
  append_head(out, "guardrails_blocked_total", "counter",
              "Generations and embeddings without the model's answer, by reason.");
  for (std::size_t r = 0; r < reason_count; ++r)
    append_sample(out, "guardrails_blocked_total", label("reason", to_string(static_cast<block_reason>(r))),
                  std::to_string(blocked_[r].load(relaxed)));
  append_head(out, "guardrails_stage_seconds", "histogram", "Time of a generation in each stage.");
  for (std::size_t s = 0; s < stage_count; ++s)
    stages_[s].append_to(out, "guardrails_stage_seconds", label("stage", stage_names[s]));
}

std::string metrics::to_text() const {
  std::string out;
  append_requests(out);
  append_generations(out);
  checks.append_to(out);
  upstream.append_to(out);
  const auto add = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
    append_head(out, name, type, help);
    append_sample(out, name, {}, std::to_string(value));
  };
  add("guardrails_in_flight", "gauge", "Requests under way.", in_flight.load());
  add("guardrails_body_bytes", "gauge", "Bytes of bodies that count for --max-bodies-bytes.",
      body_bytes.load());
  add("guardrails_connections", "gauge", "Open connections.", connections.load());
  add("guardrails_connections_accepted_total", "counter", "Connections accepted.",
      connections_accepted.load());
  add("guardrails_connections_refused_total", "counter", "Connections beyond --max-connections.",
      connections_refused.load());
  add("guardrails_config_updates_total", "counter", "Configurations taken after the first.",
      config_updates.load());
  add("guardrails_config_failures_total", "counter", "Configurations refused.", config_failures.load());
  add("guardrails_log_lines_dropped_total", "counter", "Log lines nobody read in time.",
      log_lines_dropped.load());
  add("guardrails_spans_exported_total", "counter", "Requests told to the OpenTelemetry collector.",
      spans_exported.load());
  add("guardrails_spans_dropped_total", "counter",
      "Requests the OpenTelemetry collector did not take in time.", spans_dropped.load());
  return out;
}

} // namespace guardrails::gateway
