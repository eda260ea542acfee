// Nanoseconds per byte of the rail on prose, dense and hostile texts, heap allocations a text, and what
// threads cost each other.
#include "bench/pattern_texts.hpp"
#include "bench/repeated_text.hpp"
#include "checks/rail.hpp"
#include "tests/allocation_counter.hpp"

#include <benchmark/benchmark.h>

#include <iostream>
#include <string>

namespace {

using namespace guardrails;
using bench::repeated;

std::uint64_t no_time() noexcept {
  return 0;
}

const checks::rail& default_rail() {
  static const auto rail = checks::compile_rail({}, checks::direction::text);
  return rail;
}

block_list_config words(std::int64_t count) {
  block_list_config list;
  for (std::int64_t i = 0; i < count; ++i)
    list.words.push_back("term" + std::to_string(i * 7919 % 1'000'003));
  return list;
}

block_list_config patterns(std::int64_t count) {
  block_list_config list;
  for (std::int64_t i = 0; i < count; ++i)
    list.patterns.push_back("(?i)term" + std::to_string(i) + "[a-z]{2,8}\\d+");
  return list;
}

rails_config blocking(block_list_config list) {
  rails_config config;
  config.guardrails.block_list = std::move(list);
  return config;
}

const checks::rail& rail_with_words() {
  static const auto rail = [] {
    auto list = words(10'000);
    list.action = finding_action::flag;
    return checks::compile_rail(blocking(std::move(list)), checks::direction::text);
  }();
  return rail;
}

const checks::rail& full_rail() {
  static const auto rail = checks::compile_rail(bench::full_set(), checks::direction::text);
  return rail;
}

void judge(benchmark::State& state, std::string_view unit, const checks::rail& (*rail)()) {
  const auto text = repeated(unit, static_cast<std::size_t>(state.range(0)));
  const auto findings = rail().judge(text, no_time).report.findings.size(); // and warms up
  const auto before = tests::allocations();
  for (auto _ : state)
    benchmark::DoNotOptimize(rail().judge(text, no_time));
  const auto allocations = static_cast<double>(tests::allocations() - before);
  state.counters["allocations"] = allocations / static_cast<double>(state.iterations());
  state.counters["findings"] = static_cast<double>(findings);
  const auto bytes = static_cast<double>(state.iterations()) * static_cast<double>(text.size());
  state.counters["ns/B"] =
    benchmark::Counter{bytes * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
}

void compile(benchmark::State& state, const rails_config& config) {
  for (auto _ : state)
    benchmark::DoNotOptimize(checks::compile_rail(config, checks::direction::text));
}

void compile_patterns(benchmark::State& state) {
  compile(state, blocking(patterns(state.range(0))));
}

void compile_words(benchmark::State& state) {
  compile(state, blocking(words(state.range(0))));
}

void compile_full_set(benchmark::State& state) {
  compile(state, bench::full_set());
}

BENCHMARK_CAPTURE(judge, full_prose, bench::prose, full_rail)->Arg(500)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, full_records, bench::records, full_rail)->Arg(500)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, full_extreme, bench::extreme, full_rail)->Arg(500)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, full_hostile, bench::hostile, full_rail)->Arg(500)->Arg(2'000)->Arg(32'000);
BENCHMARK(compile_full_set)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(judge, prose, bench::prose, default_rail)->Arg(500)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, records, bench::records, default_rail)->Arg(2'000);
BENCHMARK_CAPTURE(judge, extreme, bench::extreme, default_rail)->Arg(2'000);
BENCHMARK_CAPTURE(judge, hostile, bench::hostile, default_rail)->Arg(2'000);
BENCHMARK_CAPTURE(judge, prose_10k_words, bench::prose, rail_with_words)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(judge, prose_shared, bench::prose, default_rail)->Arg(200)->Threads(2)->UseRealTime();
BENCHMARK_CAPTURE(judge, extreme_shared, bench::extreme, default_rail)->Arg(2'000)->Threads(2)->UseRealTime();
BENCHMARK(compile_patterns)->Arg(0)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(compile_words)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char** argv) {
  std::cout << "full set: " << bench::patterns_of_full_set().size() << " patterns\n";
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
