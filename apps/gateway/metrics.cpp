// Counts, and writes the counts in Prometheus' text format.
#include "apps/gateway/metrics.hpp"

#include <algorithm>
#include <cstdio>

namespace guardrails::gateway {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::array<std::string_view, 5> stage_names{"queue", "input_checks", "llm", "output_checks",
                                                      "total"};

void append_sample(std::string& out, std::string_view name, std::string_view labels,
                   const std::string& value) {
  out.append(name);
  if (!labels.empty())
    out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
  out.append(" ").append(type).append("\n");
}

std::string seconds(std::uint64_t microseconds) {
  std::array<char, 32> text;
  const auto size = std::snprintf(text.data(), text.size(), "%g", static_cast<double>(microseconds) / 1e6);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string with_suffix(std::string_view name, std::string_view suffix) {
  return std::string{name}.append(suffix);
}

} // namespace

void histogram::add(std::chrono::microseconds value) noexcept {
  const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
  const auto bucket = std::ranges::lower_bound(bounds, count) - bounds.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, relaxed);
  sum_.fetch_add(count, relaxed);
}

void histogram::append_to(std::string& out, std::string_view name, std::string_view labels) const {
  std::uint64_t so_far = 0;
  const auto bucket = with_suffix(name, "_bucket");
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    so_far += counts_[i].load(relaxed);
    std::string all{labels};
    all.append(",le=\"").append(i < bounds.size() ? seconds(bounds[i]) : "+Inf").append("\"");
    append_sample(out, bucket, all, std::to_string(so_far));
  }
  append_sample(out, with_suffix(name, "_sum"), labels, seconds(sum_.load(relaxed)));
  append_sample(out, with_suffix(name, "_count"), labels, std::to_string(so_far));
}

void metrics::answered(route to, unsigned status) noexcept {
  const auto found = std::ranges::find(statuses, status);
  const auto index =
    std::min<std::size_t>(static_cast<std::size_t>(found - statuses.begin()), statuses.size() - 1);
  requests_[static_cast<std::size_t>(to)][index].fetch_add(1, relaxed);
}

void metrics::finished(const generation& result) noexcept {
  if (result.blocked && result.block_reason)
    blocked_[static_cast<std::size_t>(*result.block_reason)].fetch_add(1, relaxed);
  const auto& t = result.timings;
  const std::array<std::uint64_t, stage_count> times{t.queue, t.input_checks, t.llm, t.output_checks,
                                                     t.total};
  for (std::size_t i = 0; i < stage_count; ++i)
    stages_[i].add(std::chrono::microseconds{times[i]});
}

void metrics::append_requests(std::string& out) const {
  append_head(out, "guardrails_requests_total", "counter", "Requests answered, by route and status.");
  for (std::size_t r = 0; r < route_count; ++r)
    for (std::size_t s = 0; s < statuses.size(); ++s)
      if (const auto count = requests_[r][s].load(relaxed)) {
        std::string labels{"route=\""};
        labels.append(to_string(static_cast<route>(r))).append("\",status=\"");
        labels.append(statuses[s] == 0 ? "other" : std::to_string(statuses[s])).append("\"");
        append_sample(out, "guardrails_requests_total", labels, std::to_string(count));
      }
}

void metrics::append_generations(std::string& out) const {
  append_head(out, "guardrails_blocked_total", "counter",
              "Generations without the model's answer, by reason.");
  for (std::size_t r = 0; r < reason_count; ++r) {
    std::string labels{"reason=\""};
    labels.append(to_string(static_cast<block_reason>(r))).append("\"");
    append_sample(out, "guardrails_blocked_total", labels, std::to_string(blocked_[r].load(relaxed)));
  }
  append_head(out, "guardrails_stage_seconds", "histogram", "Time of a generation in each stage.");
  for (std::size_t s = 0; s < stage_count; ++s) {
    std::string labels{"stage=\""};
    labels.append(stage_names[s]).append("\"");
    stages_[s].append_to(out, "guardrails_stage_seconds", labels);
  }
}

std::string metrics::to_text() const {
  std::string out;
  append_requests(out);
  append_generations(out);
  const auto add = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
    append_head(out, name, type, help);
    append_sample(out, name, {}, std::to_string(value));
  };
  add("guardrails_in_flight", "gauge", "Requests under way.", in_flight.load());
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
  return out;
}

} // namespace guardrails::gateway
