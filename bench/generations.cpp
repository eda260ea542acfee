// Whole generations over real HTTP against a mock-llm process: ten thousand at once against a slow model
// (answers, connections, memory), throughput against one without latency, and what a streamed answer costs.
#include "tests/mock_llm_process.hpp"

#include <guardrails/guardrails.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace guardrails;
using clock_type = std::chrono::steady_clock;

constexpr std::uint32_t connections_per_lane = 64;
constexpr std::size_t lanes = 4;

rails_config config_for(const test::mock_llm_process& mock) {
  return rails_config_builder{}
    .set("llm.engine", "openai_compatible")
    .set("llm.base_url", mock.base_url())
    .set("llm.model", "mock")
    .set("llm.timeout", std::chrono::milliseconds{120'000})
    .set("llm.pool.max_connections", connections_per_lane)
    .build();
}

std::vector<chat_message> conversation(std::size_t number) {
  return {{"user", "What is generation number " + std::to_string(number) + " about?"}};
}

/// Resident memory of this process.
double bytes_in_use() {
  std::ifstream file{"/proc/self/statm"};
  std::size_t total = 0, resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double process_cpu_seconds() {
  timespec spent{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + 1e-9 * static_cast<double>(spent.tv_nsec);
}

double seconds_since(clock_type::time_point begin) {
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

void ten_thousand_at_once() {
  constexpr std::size_t count = 10'000;
  test::mock_llm_process mock{{"--latency", "200ms"}};
  llm_rails rails{config_for(mock), {2, lanes, scheduler_policy::stealing}};
  rails.generate(
    conversation(0)); // threads, connections and scratch memory are there before the count starts
  std::vector<async<generation>> tasks;
  tasks.reserve(count);
  const auto before = bytes_in_use();
  const auto begin = clock_type::now();
  for (std::size_t i = 0; i < count; ++i)
    tasks.push_back(rails.generate_async(conversation(i), return_details));
  std::this_thread::sleep_for(std::chrono::milliseconds{150}); // all are waiting, none has been answered
  const auto waiting = (bytes_in_use() - before) / static_cast<double>(count);
  const auto results = gather(std::move(tasks)).get();
  const auto answered = std::ranges::count_if(results, [](const generation& g) { return !g.blocked; });
  const auto stats = mock.stats();
  std::printf(
    "10,000 at once, 200 ms model: %zu answered in %.1f s, %lld connections at most (configured %zu), "
    "%.0f bytes a waiting generation (limit 4096)\n",
    static_cast<std::size_t>(answered), seconds_since(begin), static_cast<long long>(stats.peak_connections),
    lanes * connections_per_lane, waiting);
}

double throughput(llm_rails& rails, std::size_t count, std::size_t window) {
  std::vector<async<generation>> tasks(window);
  const auto begin = clock_type::now();
  for (std::size_t i = 0; i < count; ++i) {
    auto& slot = tasks[i % window];
    if (slot.valid() && slot.get().blocked)
      std::abort();
    slot = rails.generate_async(conversation(i), return_details);
  }
  for (auto& slot : tasks)
    slot.get();
  return static_cast<double>(count) / seconds_since(begin);
}

void against_no_latency(int rounds) {
  test::mock_llm_process mock;
  llm_rails rails{config_for(mock), {2, lanes, scheduler_policy::stealing}};
  std::vector<double> rates;
  for (int i = 0; i < rounds; ++i)
    rates.push_back(throughput(rails, 60'000, 512));
  std::ranges::sort(rates);
  std::printf(
    "zero-latency model, 512 at once: %.0f generations/s, client and model together on this machine "
    "(limit 20,000; range %.0f to %.0f)\n",
    rates[rates.size() / 2], rates.front(), rates.back());
}

/// Microseconds of processor time that a streamed answer of two kilobytes takes this process.
double stream_cost(const test::mock_llm_process& mock, const std::string& guardrails) {
  constexpr std::size_t count = 400;
  constexpr std::size_t at_once = 8;
  const auto config =
    rails_config::from_content("llm: {engine: openai_compatible, base_url: '" + mock.base_url() +
                               "', model: mock, timeout: 120s}\n" + guardrails);
  llm_rails rails{config, {2, lanes, scheduler_policy::sharing}}; // threads that wait take no time
  double begin = 0;
  std::vector<text_stream> streams;
  for (std::size_t i = 0; i < count + at_once; ++i) {
    if (i == at_once)
      begin = process_cpu_seconds();
    streams.push_back(rails.generate_stream(conversation(i)));
    if (i % at_once != at_once - 1)
      continue;
    for (auto& stream : streams)
      if (stream.result().blocked)
        std::abort();
    streams.clear();
  }
  return 1e6 * (process_cpu_seconds() - begin) / static_cast<double>(count);
}

void streamed_answers() {
  std::string answer;
  while (answer.size() < 2'000)
    answer += "Our office is open on weekdays; write to Maria Keller, maria@example.org, before noon. ";
  test::mock_llm_process mock{{"--answer", answer, "--tokens-per-second", "5000"}};
  const std::string without = "guardrails: {input_checks: false, check_semantic: false, ";
  std::printf(
    "streamed answers of 2 KB, a word at a time, processor time each: %.0f us without checks, %.0f us with a "
    "block list, %.0f us with pii, sensitive data and toxicity\n",
    stream_cost(mock, "guardrails: {input_checks: false, output_checks: false}"),
    stream_cost(mock, without + "check_toxicity: false, check_sensitive_data: false, block_list: "
                                "{words: [top secret], action: mask}}"),
    stream_cost(mock, without + "block_sensitive_data: false, pii: {enabled: true}}"));
}

} // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 5;
  ten_thousand_at_once();
  against_no_latency(rounds);
  streamed_answers();
}
