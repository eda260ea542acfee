// Nanoseconds per byte of the rail on prose, dense and hostile texts, and what threads cost each other.
#include "checks/rail.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace guardrails;

std::uint64_t no_time() noexcept {
  return 0;
}

std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text += unit;
  text.resize(bytes);
  return text;
}

constexpr std::string_view prose =
  "The quarterly report, which runs to 42 pages, describes how the team moved its services in 2023. Most "
  "people "
  "asked for a shorter version; the editors agreed (after some debate) and will publish one on 14 March. ";
constexpr std::string_view dense =
  "Contact anna@example.org or +1 415 555 2671, card 4111 1111 1111 1111, host 10.0.0.1, ssn 536-90-4399. ";
constexpr std::string_view hostile = "1-12-123-4111 1.1.1.1.1 a@a@ 1:1:: DE89 12 %41 +1 (2 ";

const checks::rail& default_rail() {
  static const auto rail = checks::compile_rail({}, checks::direction::text);
  return rail;
}

const checks::rail& rail_with_words() {
  static const auto rail = [] {
    rails_config config;
    auto& list = config.guardrails.block_list.emplace();
    for (int i = 0; i < 10'000; ++i)
      list.words.push_back("term" + std::to_string(i * 7919 % 1'000'003));
    list.action = finding_action::flag;
    return checks::compile_rail(config, checks::direction::text);
  }();
  return rail;
}

void judge(benchmark::State& state, std::string_view unit, const checks::rail& (*rail)()) {
  const auto text = repeated(unit, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(rail().judge(text, no_time));
  const auto bytes = static_cast<double>(state.iterations()) * static_cast<double>(text.size());
  state.counters["ns/B"] =
    benchmark::Counter{bytes * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
}

void compile_patterns(benchmark::State& state) {
  rails_config config;
  auto& list = config.guardrails.block_list.emplace();
  for (int i = 0; i < state.range(0); ++i)
    list.patterns.push_back("(?i)term" + std::to_string(i) + "[a-z]{2,8}\\d+");
  for (auto _ : state)
    benchmark::DoNotOptimize(checks::compile_rail(config, checks::direction::text));
}

void compile_words(benchmark::State& state) {
  rails_config config;
  auto& list = config.guardrails.block_list.emplace();
  for (int i = 0; i < state.range(0); ++i)
    list.words.push_back("term" + std::to_string(i * 7919 % 1'000'003));
  for (auto _ : state)
    benchmark::DoNotOptimize(checks::compile_rail(config, checks::direction::text));
}

BENCHMARK_CAPTURE(judge, prose, prose, default_rail)->Arg(200)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, dense, dense, default_rail)->Arg(200)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, hostile, hostile, default_rail)->Arg(200)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, prose_10k_words, prose, rail_with_words)->Arg(200)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, prose_shared, prose, default_rail)->Arg(200)->Threads(2)->UseRealTime();
BENCHMARK_CAPTURE(judge, dense_shared, dense, default_rail)->Arg(2'000)->Threads(2)->UseRealTime();
BENCHMARK(compile_patterns)->Arg(0)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(compile_words)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
