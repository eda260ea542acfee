// Whole generations over real HTTP against a mock-llm process: ten thousand at once against a slow model
// (answers, connections, memory), and throughput against one without latency.
#include "tests/mock_llm_process.hpp"

#include <guardrails/guardrails.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
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

} // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 5;
  ten_thousand_at_once();
  against_no_latency(rounds);
}
