// What the chain itself costs: CPU per generation with the echo engine, scaling over scheduler threads, and
// the cost of many generations in flight. Prints per-unit costs and ratios, medians of interleaved rounds.
#include "actors/input_checker.hpp"
#include "actors/llm_client.hpp"
#include "actors/output_checker.hpp"
#include "actors/pending_call.hpp"
#include "actors/system.hpp"
#include "checks/rail.hpp"

#include <guardrails/guardrails.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <semaphore>
#include <string>
#include <vector>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// A check that computes for a fixed time and finds nothing.
class busy_check final : public checks::check {
public:
  explicit busy_check(std::chrono::nanoseconds cost)
    : cost_{cost} {}
  std::string_view name() const noexcept override { return "busy"; }
  std::string_view message_key() const noexcept override { return "block_list"; }
  bool judge(std::string_view, check_report&) const override {
    for (const auto end = clock_type::now() + cost_; clock_type::now() < end;) {
    }
    return true;
  }

private:
  std::chrono::nanoseconds cost_;
};

policy_ref make_policy(std::chrono::nanoseconds check_cost, std::chrono::milliseconds latency) {
  auto config =
    rails_config::from_content("llm: {engine: echo, timeout: 600s, pool: {max_in_flight: 200000}}\n"
                               "guardrails: {input_checks: false, output_checks: false}\n");
  config.llm->latency = latency;
  auto policy = std::make_shared<compiled_policy>();
  policy->config = config;
  policy->version = config.version();
  if (check_cost.count() > 0) {
    const auto busy = [&](checks::direction direction) {
      std::vector<std::unique_ptr<const checks::check>> list;
      list.push_back(std::make_unique<busy_check>(check_cost));
      return checks::rail{std::move(list), direction, config};
    };
    policy->input.emplace(busy(checks::direction::input));
    policy->output.emplace(busy(checks::direction::output));
  }
  return policy_ref{std::move(policy)};
}

struct settings : caf::actor_system_config {
  explicit settings(std::size_t threads) {
    enlist_types(*this);
    set_scheduler(*this, threads, scheduler_policy::stealing);
  }
};

struct load {
  std::size_t threads = 1;
  std::size_t in_flight = 1000;
  std::size_t generations = 200'000;
  std::chrono::nanoseconds check_cost{0};
  std::chrono::milliseconds latency{0};
};

struct figures {
  double cpu_us = 0; ///< per generation, load generator included
  double per_second = 0;
};

/// Closed loop: every client submits its next request when it has its answer, always to the same front.
class driver {
public:
  driver(actors::house& house, const load& plan)
    : house_{house}
    , plan_{plan} {}

  void run() {
    for (std::size_t i = 0; i < plan_.in_flight; ++i)
      submit(i);
    done_.acquire();
  }

private:
  struct slip final : completion {
    slip(driver& owner, std::size_t number)
      : target{owner}
      , client{number} {}
    void complete(generation result) noexcept override { target.take(result, client); }
    driver& target;
    std::size_t client;
  };

  void submit(std::size_t client) {
    if (submitted_.fetch_add(1, std::memory_order_relaxed) >= plan_.generations)
      return;
    auto place = actors::admission_place::take(house_.gate());
    if (!place)
      std::abort();
    generation_request request{{{"system", "You are a helpful assistant."}, {"user", text_}}, {}, {}};
    post(house_.front(client), submission{std::make_shared<actors::pending_call>(
                                 house_.gate()->next_ticket(), std::move(request),
                                 std::make_unique<slip>(*this, client), std::move(*place), house_.gate())});
  }

  void take(const generation& result, std::size_t client) {
    if (result.blocked)
      std::abort();
    if (answered_.fetch_add(1, std::memory_order_relaxed) + 1 == plan_.generations)
      done_.release();
    else
      submit(client);
  }

  actors::house& house_;
  const load& plan_;
  std::string text_ = std::string(300, 'x');
  std::atomic<std::size_t> submitted_{0};
  std::atomic<std::size_t> answered_{0};
  std::binary_semaphore done_{0};
};

figures measure(const load& plan) {
  settings config{plan.threads};
  caf::actor_system system{config};
  actors::house house{system, make_policy(plan.check_cost, plan.latency), 2 * plan.threads,
                      &actors::build_chain, plan.threads};
  const auto cpu = cpu_seconds();
  const auto begin = clock_type::now();
  driver{house, plan}.run();
  const auto seconds = std::chrono::duration<double>(clock_type::now() - begin).count();
  const auto count = static_cast<double>(plan.generations);
  return {(cpu_seconds() - cpu) * 1e6 / count, count / seconds};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 5;
  announce_types();
  const load bare{1, 1'000, 300'000, 0ns, 0ms};
  const load one{1, 200, 40'000, 10us, 0ms};
  const load two{2, 200, 80'000, 10us, 0ms};
  // The same rate on both sides, so that the scheduler's idling costs both the same.
  const load few{1, 1'000, 400'000, 0ns, 10ms};
  const load many{1, 100'000, 400'000, 0ns, 1000ms};
  std::vector<double> bare_cpu, one_rate, two_rate, scaling, one_cpu, two_cpu, few_cpu, many_cpu, growth;
  if (argc > 2) { // one measurement alone, for a profiler
    const std::string_view which = argv[2];
    const auto& plan = which == "many"  ? many
                       : which == "few" ? few
                       : which == "two" ? two
                       : which == "one" ? one
                                        : bare;
    const auto result = measure(plan);
    std::printf("%s: %.2f us CPU, %.0f generations/s\n", argv[2], result.cpu_us, result.per_second);
    return 0;
  }
  for (int i = 0; i < rounds; ++i) {
    bare_cpu.push_back(measure(bare).cpu_us);
    const auto alone = measure(one);
    const auto both = measure(two);
    one_rate.push_back(alone.per_second);
    two_rate.push_back(both.per_second);
    one_cpu.push_back(alone.cpu_us);
    two_cpu.push_back(both.cpu_us);
    scaling.push_back(two_rate.back() / one_rate.back());
    few_cpu.push_back(measure(few).cpu_us);
    many_cpu.push_back(measure(many).cpu_us);
    growth.push_back(many_cpu.back() / few_cpu.back());
  }
  std::printf("chain, echo engine, no checks, 1 thread:      %6.2f us CPU a generation (limit 5)\n",
              median(bare_cpu));
  std::printf(
    "10 us in each check, 1 thread / 2 threads:    %6.0f / %.0f generations/s, ratio %.2f (limit 1.8)\n",
    median(one_rate), median(two_rate), median(scaling));
  std::printf("in flight 1,000 / 100,000:                    %6.2f / %.2f us CPU a generation, ratio %.2f "
              "(limit 1.5)\n",
              median(few_cpu), median(many_cpu), median(growth));
}
