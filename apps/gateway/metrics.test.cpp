// The whole of /metrics, read as Prometheus reads it: line by line, with what must hold between lines.
#define CAF_SUITE gateway_metrics
#include "tests/caf_test.hpp"

#include "apps/gateway/metrics.hpp"
#include "apps/gateway/node_metrics.hpp"
#include "tests/every_check.hpp"

#include <guardrails/guardrail_system.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace {

using namespace guardrails;
using namespace guardrails::gateway;
using namespace std::chrono_literals;

using label_set = std::map<std::string, std::string>;

struct sample {
  std::string name;
  label_set labels;
  double value = 0;
};

struct exposition {
  std::map<std::string, std::string> types; ///< by metric
  std::vector<sample> samples;

  /// Of the sample with just these labels; -1: there is none.
  double value(const std::string& name, const label_set& labels) const {
    for (const auto& one : samples)
      if (one.name == name && one.labels == labels)
        return one.value;
    return -1;
  }
};

label_set read_labels(const std::string& text) {
  static const std::regex one{R"re(([a-z_]+)="([^"\\\n]*)"(,|$))re"};
  label_set labels;
  std::size_t read = 0;
  for (std::sregex_iterator at{text.begin(), text.end(), one}, end; at != end; ++at) {
    if (static_cast<std::size_t>(at->position()) != read || !labels.emplace((*at)[1], (*at)[2]).second)
      throw std::runtime_error{"wrong labels: " + text};
    read += static_cast<std::size_t>(at->length());
  }
  if (read != text.size())
    throw std::runtime_error{"wrong labels: " + text};
  return labels;
}

/// The metric that a sample belongs to.
std::string metric_of(const exposition& all, const std::string& name) {
  for (const std::string suffix : {"_bucket", "_sum", "_count"})
    if (name.ends_with(suffix)) {
      const auto stem = name.substr(0, name.size() - suffix.size());
      if (const auto found = all.types.find(stem); found != all.types.end() && found->second == "histogram")
        return stem;
    }
  return name;
}

/// Throws where a line is none of the format's, or stands where it may not.
exposition read_exposition(const std::string& text) {
  static const std::regex head{R"(# (HELP|TYPE) ([a-z_]+) (.+))"};
  static const std::regex line{R"(([a-z_]+)(?:\{(.*)\})? ([0-9.e+-]+))"};
  exposition all;
  std::string current, helped;
  std::istringstream lines{text};
  for (std::string next; std::getline(lines, next);) {
    std::smatch parts;
    if (std::regex_match(next, parts, head)) {
      if (parts[1] == "HELP")
        helped = parts[2];
      else if (helped != parts[2] || !all.types.emplace(parts[2], parts[3]).second)
        throw std::runtime_error{"TYPE without HELP, or twice: " + next};
      current = parts[2];
    } else if (std::regex_match(next, parts, line)) {
      all.samples.push_back({parts[1], read_labels(parts[2]), std::stod(parts[3])});
      if (metric_of(all, parts[1]) != current || !all.types.contains(current))
        throw std::runtime_error{"not among its own: " + next};
    } else {
      throw std::runtime_error{"no line of the format: " + next};
    }
  }
  return all;
}

/// Whether the buckets of each series rise, end with +Inf, and agree with its count.
bool buckets_hold(const exposition& all) {
  std::map<std::pair<std::string, label_set>, std::vector<std::pair<double, double>>> series;
  for (auto one : all.samples)
    if (one.name.ends_with("_bucket")) {
      const auto bound = one.labels.at("le");
      one.labels.erase("le");
      series[{one.name.substr(0, one.name.size() - 7), one.labels}].emplace_back(
        bound == "+Inf" ? HUGE_VAL : std::stod(bound), one.value);
    }
  for (const auto& [key, buckets] : series) {
    if (!std::ranges::is_sorted(buckets, std::less_equal<>{}, &std::pair<double, double>::first) ||
        !std::ranges::is_sorted(buckets, {}, &std::pair<double, double>::second))
      return false;
    if (buckets.back().first != HUGE_VAL ||
        all.value(key.first + "_count", key.second) != buckets.back().second ||
        all.value(key.first + "_sum", key.second) < 0)
      return false;
  }
  return !series.empty();
}

bool no_series_twice(const exposition& all) {
  std::set<std::pair<std::string, label_set>> seen;
  return std::ranges::all_of(all.samples,
                             [&](const sample& one) { return seen.emplace(one.name, one.labels).second; });
}

generation failed(block_reason reason, const std::string& kind) {
  generation result;
  result.blocked = true;
  result.block_reason = reason;
  result.error = generation_error{kind, "why", 0};
  result.timings.llm = 3'000;
  return result;
}

check_report report_of(const std::string& check, double microseconds) {
  check_report report;
  report.latency_us[check] = microseconds;
  finding found;
  found.check = check;
  found.action = finding_action::mask;
  report.findings = {found, found};
  report.errors.push_back({check, "exception", "text"});
  return report;
}

} // namespace

TEST("an idle gateway's metrics can be read") {
  const metrics counts;
  const auto all = read_exposition(counts.to_text());
  CHECK(buckets_hold(all));
  CHECK(no_series_twice(all));
  CHECK_EQ(all.value("guardrails_upstream_errors_total", {{"kind", "timeout"}}), 0.0);
}

TEST("checks count by name and rail") {
  metrics counts;
  generation result;
  result.input_check = report_of("toxicity", 30);
  result.output_check = report_of("toxicity", 2e9);
  counts.finished(result);
  counts.checks.judged(judged_as::text, report_of("somebody's \"own\"\n", 1));
  const auto all = read_exposition(counts.to_text());
  CHECK(buckets_hold(all));
  CHECK(no_series_twice(all));
  const auto bucket = [&](const char* rail, const char* bound) {
    return all.value("guardrails_check_seconds_bucket",
                     {{"check", "toxicity"}, {"rail", rail}, {"le", bound}});
  };
  CHECK_EQ(bucket("input", "2.5e-05"), 0.0);
  CHECK_EQ(bucket("input", "5e-05"), 1.0);
  CHECK_EQ(bucket("output", "10"), 0.0);
  CHECK_EQ(bucket("output", "+Inf"), 1.0);
  CHECK_EQ(bucket("text", "+Inf"), -1.0);
  CHECK_EQ(all.value("guardrails_check_findings_total", {{"check", "toxicity"}, {"action", "mask"}}), 4.0);
  CHECK_EQ(all.value("guardrails_check_errors_total", {{"check", "toxicity"}}), 2.0);
  CHECK_EQ(all.value("guardrails_check_errors_total", {{"check", "other"}}), 1.0);
}

TEST("the model's failures count by kind, and others do not") {
  metrics counts;
  counts.finished(failed(block_reason::llm_error, "connect_failed"));
  counts.finished(failed(block_reason::timeout, "timeout"));
  counts.finished(failed(block_reason::llm_error, "never heard of"));
  counts.finished(failed(block_reason::overloaded, "overloaded"));
  counts.upstream.first_text(70ms);
  const auto all = read_exposition(counts.to_text());
  CHECK(buckets_hold(all));
  const auto errors = [&](const char* kind) {
    return all.value("guardrails_upstream_errors_total", {{"kind", kind}});
  };
  CHECK_EQ(errors("connect_failed"), 1.0);
  CHECK_EQ(errors("timeout"), 1.0);
  CHECK_EQ(errors("other"), 1.0);
  CHECK_EQ(errors("overloaded"), -1.0);
  CHECK_EQ(all.value("guardrails_upstream_seconds_count", {}), 4.0);
  CHECK_EQ(all.value("guardrails_stream_first_text_seconds_bucket", {{"le", "0.1"}}), 1.0);
}

TEST("every check has a name of its own here") {
  const guardrail_system rails{test::every_check()};
  metrics counts;
  counts.checks.judged(judged_as::input, rails.check_input("My cat costs 4111 1111 1111 1111 at evil.com"));
  counts.checks.judged(judged_as::output, rails.check_output("SELECT a b c; the phone book of evil.com"));
  const auto all = read_exposition(counts.to_text());
  std::set<std::string> names;
  for (const auto& one : all.samples)
    if (const auto check = one.labels.find("check"); check != one.labels.end())
      names.insert(check->second);
  CHECK(names.size() > 10);
  CHECK(!names.contains("other"));
}

TEST("every node has its own samples, and without nodes there are none") {
  CHECK(nodes_as_text({}).empty());
  std::vector<node_status> nodes(2);
  nodes[0].address = "10.0.0.1:4711";
  nodes[0].state = node_state::open;
  nodes[0].latency_us = 1'500;
  nodes[0].answered = 7;
  nodes[1].address = "[::1]:4711";
  nodes[1].state = node_state::lost;
  nodes[1].times_lost = 2;
  const auto all = read_exposition(nodes_as_text(nodes));
  CHECK_EQ(all.value("guardrails_node_state", {{"node", "10.0.0.1:4711"}, {"state", "open"}}), 1.0);
  CHECK_EQ(all.value("guardrails_node_state", {{"node", "[::1]:4711"}, {"state", "lost"}}), 1.0);
  CHECK_EQ(all.value("guardrails_node_latency_seconds", {{"node", "10.0.0.1:4711"}}), 0.0015);
  CHECK_EQ(all.value("guardrails_node_answered_total", {{"node", "10.0.0.1:4711"}}), 7.0);
  CHECK_EQ(all.value("guardrails_node_losses_total", {{"node", "[::1]:4711"}}), 2.0);
}
