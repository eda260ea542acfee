// Microseconds per KB of the tagger on prose, on text full of names, and on code.
#include "checks/tagger/tagger.hpp"
#include "bench/repeated_text.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace guardrails::checks::tagger;
using guardrails::bench::repeated;

constexpr std::string_view prose =
  "The quarterly report describes how the team moved its services last spring. Most people asked for a "
  "shorter version; the editors agreed (after some debate) and will publish one before the holidays. ";
constexpr std::string_view names =
  "Maria Garcia and Dr. Henrik Dahl flew from Oslo to Kuala Lumpur on 14 March 2023 for Siemens AG. ";
constexpr std::string_view code =
  "for (std::size_t i = 0; i < rows.size(); ++i) { total += rows[i].price * rate; }\n";

void find_in(benchmark::State& state, std::string_view unit) {
  static const auto weights = embedded_model();
  const auto text = repeated(unit, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(find(text, weights, entity_set{}.set()));
  const auto kilobytes = static_cast<double>(state.iterations()) * static_cast<double>(text.size()) / 1024;
  state.counters["us/KB"] =
    benchmark::Counter{kilobytes * 1e-6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
}

BENCHMARK_CAPTURE(find_in, prose, prose)->Arg(200)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(find_in, names, names)->Arg(200)->Arg(2'000)->Arg(32'000);
BENCHMARK_CAPTURE(find_in, code, code)->Arg(200)->Arg(2'000)->Arg(32'000);

} // namespace

BENCHMARK_MAIN();
