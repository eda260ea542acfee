// Nanoseconds per byte and per token of counting by a vocabulary, which is trained here on a short text.
#include "llm/token_counter.hpp"
#include "llm/vocabulary_file.hpp"
#include "tests/bpe_trainer.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace guardrails;

const llm::token_counter& counter() {
  static const llm::token_counter made{llm::read_vocabulary(
    test::trained_vocabulary::from(test::training_text, pretokenizer::cl100k, 1'000).as_tiktoken(),
    "trained")};
  return made;
}

void count(benchmark::State& state, std::string_view unit) {
  std::string text;
  while (text.size() < static_cast<std::size_t>(state.range(0)))
    text += unit;
  std::uint64_t tokens = 0;
  for (auto _ : state)
    tokens += counter().count(text);
  const auto per = [](double sum) {
    return benchmark::Counter{sum * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
  };
  state.counters["ns/B"] = per(static_cast<double>(state.iterations()) * static_cast<double>(text.size()));
  state.counters["ns/token"] = per(static_cast<double>(tokens));
}

BENCHMARK_CAPTURE(count, prose_known, test::training_text)->Arg(2'000)->Arg(32'000)->Arg(1'000'000);
BENCHMARK_CAPTURE(count, prose_unknown,
                  "My neighbour explains patiently how bicycles work, and why chains need oil. ")
  ->Arg(2'000)
  ->Arg(32'000);
BENCHMARK_CAPTURE(count, one_letter, "a")->Arg(1'000)->Arg(32'000)->Arg(1'000'000)->Arg(16'000'000);
BENCHMARK_CAPTURE(count, blanks, " ")->Arg(1'000)->Arg(32'000)->Arg(1'000'000);

} // namespace

BENCHMARK_MAIN();
