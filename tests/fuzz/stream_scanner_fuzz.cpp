// Any text in any pieces: what is released is a beginning of what would be shown of the whole, and all of it
// when it passes.
#include "checks/masking.hpp"
#include "checks/streaming/stream_scanner.hpp"

#include <guardrails/utf8.hpp>

#include <algorithm>
#include <cstdlib>

namespace {

using namespace guardrails;
using namespace guardrails::checks;

std::uint64_t no_time() noexcept {
  return 0;
}

void expect(bool holds) {
  if (!holds)
    std::abort();
}

struct fuzzed_policy {
  explicit fuzzed_policy(const rails_config& config)
    : whole{compile_rail(config, direction::output)}
    , stream{config, whole} {}

  rail whole;
  stream_policy stream;
};

rails_config masking() {
  rails_config config;
  auto& g = config.guardrails;
  g.check_semantic = g.check_sensitive_data = false;
  g.pii.enabled = true;
  g.block_list = block_list_config{{"cat", "top secret"}, {"d.g{1,9}"}, finding_action::mask};
  g.invisible_text = invisible_text_config{finding_action::mask};
  g.urls = urls_config{{}, {"evil.com", "*.b"}, {}, finding_action::mask};
  return config;
}

rails_config blocking() {
  rails_config config;
  config.guardrails.check_semantic = false;
  return config;
}

// Repeated with plain words between, so that something is released before the end.
std::string longer(std::string_view text) {
  std::string all;
  while (all.size() < 3'000)
    all.append(text)
      .append(" and so on it goes with plain words, as an answer does ")
      .append(text.size() % 7 + 1, '\n');
  return all;
}

// The first finding that blocks, or what is masked around it.
std::size_t end_of_showable(std::string_view text, const check_report& report) {
  auto end = text.size();
  for (const auto& f : report.findings)
    if (f.action == finding_action::block)
      end = std::min<std::size_t>(end, f.span.begin);
  for (const auto& s : masked_stretches(text.size(), 0, report.findings))
    if (s.begin < end && end < s.end)
      end = s.begin;
  return end;
}

void check_stream(const fuzzed_policy& policy, std::string_view text, std::size_t piece) {
  const masked_values values;
  stream_scanner scanner{policy.stream, values};
  std::string released;
  std::size_t given_up = 0; // there the rest need not come, and what came is blocked
  for (std::size_t at = 0; at < text.size(); at += piece) {
    released += scanner.feed(text.substr(at, piece));
    if (given_up == 0 && scanner.fails())
      given_up = std::min(text.size(), at + piece);
  }
  expect(given_up == 0 || !policy.whole.judge(text.substr(0, given_up), no_time).report.passed);
  const auto report = policy.whole.judge(text, no_time).report;
  auto verdict = scanner.finish(no_time);
  released += scanner.conclude(verdict);
  expect(verdict.report.passed == report.passed);
  const auto shown = apply_replacements(text.substr(0, end_of_showable(text, report)), 0, report.findings);
  expect(report.passed ? released == shown : shown.starts_with(released) || !report.errors.empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzzed_policy policies[] = {fuzzed_policy{masking()}, fuzzed_policy{blocking()}};
  if (size < 2 || size > 2'000)
    return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (find_invalid_utf8(text) != std::string_view::npos)
    return 0;
  for (const auto& policy : policies)
    check_stream(policy, longer(text), std::size_t{1} + data[0]);
  return 0;
}
