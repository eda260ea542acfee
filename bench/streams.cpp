// How far behind its end an answer is released, what that costs a reader at 80 tokens a second, and
// nanoseconds a byte, by policy.
#include "checks/streaming/stream_scanner.hpp"
#include "tests/cpu_time.hpp"
#include "tests/streamed_texts.hpp"

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guardrails;
using namespace guardrails::checks;

constexpr std::size_t bytes_a_token = 4;
constexpr double tokens_a_second = 80;

std::uint64_t no_time() noexcept {
  return 0;
}

rails_config nothing() {
  rails_config config;
  auto& g = config.guardrails;
  g.check_toxicity = g.check_semantic = g.check_sensitive_data = false;
  return config;
}

/// What streams of one policy held back, looked at after every token, and took.
struct measurement {
  std::vector<std::size_t> held;
  std::size_t bytes = 0;
  double seconds = 0;
};

void stream(const stream_policy& policy, const std::string& text, measurement& all) {
  const masked_values none;
  const auto begin = test::thread_cpu_seconds();
  stream_scanner scanner{policy, none};
  for (std::size_t at = 0; at < text.size(); at += bytes_a_token) {
    scanner.feed(std::string_view{text}.substr(at, bytes_a_token));
    all.held.push_back(scanner.text().size() - scanner.released());
  }
  auto verdict = scanner.finish(no_time);
  scanner.conclude(verdict);
  all.seconds += test::thread_cpu_seconds() - begin;
  all.bytes += text.size();
}

std::size_t percentile(std::vector<std::size_t> values, double part) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

double seconds_of(std::size_t bytes) {
  return static_cast<double>(bytes) / bytes_a_token / tokens_a_second;
}

void measure(const char* name, const rails_config& config, const std::vector<std::string>& texts) {
  const auto whole = compile_rail(config, direction::output);
  const stream_policy policy{config, whole};
  measurement all;
  double at_once = 0;
  for (const auto& text : texts) {
    const auto begin = test::thread_cpu_seconds();
    const auto passed = whole.judge(text, no_time).report.passed;
    at_once += test::thread_cpu_seconds() - begin;
    if (passed) // of others the rest is held for good
      stream(policy, text, all);
  }
  if (all.held.empty())
    return;
  std::size_t total = 0;
  for (const auto& text : texts)
    total += text.size();
  const auto half = percentile(all.held, 0.5);
  const auto most = percentile(all.held, 0.99);
  std::printf("%-28s %8zu %8zu %8.2f %8.2f %10.0f %10.0f\n", name, half, most, seconds_of(half),
              seconds_of(most), 1e9 * all.seconds / static_cast<double>(all.bytes),
              1e9 * at_once / static_cast<double>(total));
}

/// Answers of some kilobytes, most of which are prose in one or more scripts.
std::vector<std::string> answers() {
  std::mt19937 random{5};
  auto each = test::streamed_texts(random, 300);
  std::vector<std::string> longer;
  for (std::size_t i = 0; i + 2 < each.size(); i += 3)
    longer.push_back(each[i] + "\n\n" + each[i + 1] + "\n\n" + each[i + 2]);
  std::erase_if(longer, [](const std::string& text) { return text.size() < 2'000; });
  return longer;
}

} // namespace

int main() {
  const auto texts = answers();
  std::printf("%zu answers\n%-28s %8s %8s %8s %8s %10s %10s\n", texts.size(), "policy", "p50 B", "p99 B",
              "p50 s", "p99 s", "ns/B", "whole ns/B");
  measure("no check", nothing(), texts);
  auto lists = nothing();
  lists.guardrails.block_list = block_list_config{{"top secret"}, {"proj-[0-9]{1,4}"}, finding_action::mask};
  measure("block list, masking", lists, texts);
  auto urls = nothing();
  urls.guardrails.urls = urls_config{{}, {"evil.example"}, {}, finding_action::mask};
  measure("urls, masking", urls, texts);
  auto sensitive = nothing();
  sensitive.guardrails.check_sensitive_data = true;
  measure("sensitive data", sensitive, texts);
  auto numbers = nothing();
  numbers.guardrails.pii.enabled = true;
  numbers.guardrails.pii.entity_types = {"EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE"};
  measure("pii, written forms only", numbers, texts);
  auto pii = nothing();
  pii.guardrails.pii.enabled = true;
  measure("pii, masking", pii, texts);
  auto toxicity = nothing();
  toxicity.guardrails.check_toxicity = true;
  measure("toxicity", toxicity, texts);
  auto most = pii;
  most.guardrails.check_toxicity = true;
  most.guardrails.check_sensitive_data = true;
  measure("pii, sensitive data, toxicity", most, texts);
  measure("default (content class: buffered)", {}, texts);
}
