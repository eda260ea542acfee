// What other nodes bring and cost: throughput through 1, 2 and 3 of them with 2 ms of check work in each
// generation, and CPU per remote generation, plain and with TLS. Prints medians of interleaved rounds.
//
// The check work is a delayed message, one request at a time in a lane: it takes time and no processor, so
// that three nodes fit on a small machine. `nodes --node …` is a node of this program's own.
#include "actors/node_door.hpp"
#include "actors/owned_system.hpp"
#include "actors/system.hpp"
#include "tests/certificate.hpp"
#include "tests/child_process.hpp"

#include <guardrails/caf_network.hpp>
#include <guardrails/guardrails.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <iostream>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

/// Stands before an input checker and holds each request for a while, one after the other.
class pacing_checker {
public:
  using handle = input_checker_actor;
  static constexpr const char* name = "pacing-checker";

  pacing_checker(handle::pointer self, handle next, std::chrono::microseconds pace)
    : self_{self}
    , next_{std::move(next)}
    , pace_{pace} {}

  handle::behavior_type make_behavior() {
    return {
      [this](admitted_request& request) -> caf::result<answer> {
        waiting_.push_back({std::move(request), self_->make_response_promise<answer>()});
        auto reply = waiting_.back().reply;
        if (waiting_.size() == 1)
          pause();
        return reply;
      },
      [](const request_judged&) {},
      [this](const judge_answer&) { // the pause is over
        auto done = std::move(waiting_.front());
        waiting_.pop_front();
        if (!waiting_.empty())
          pause();
        done.reply.delegate(next_, std::move(done.request));
      },
    };
  }

private:
  struct held {
    admitted_request request;
    caf::typed_response_promise<answer> reply;
  };

  void pause() { mail(self_, judge_answer{}).delay(pace_).send(self_); }

  handle::pointer self_;
  handle next_;
  std::chrono::microseconds pace_;
  std::deque<held> waiting_;
};

rails_config config_of(const std::string& cluster) {
  return rails_config::from_content("llm: {engine: echo, timeout: 600s, pool: {max_in_flight: 200000}}\n"
                                    "guardrails: {input_checks: false, output_checks: false}\n"
                                    "cluster: {heartbeat: 1s" +
                                    cluster + "}\n");
}

/// The node: ends by a signal.
[[noreturn]] void run_node(std::size_t lanes, std::chrono::microseconds pace, const std::string& cluster) {
  const auto config = config_of(cluster);
  const runtime_options options{1, lanes, scheduler_policy::stealing};
  const auto owned = actors::start_system(options, &config.cluster);
  const auto recipe = [pace](lane_actor::pointer host, const actors::commons& shared) {
    auto stages = actors::build_chain(host, shared);
    if (pace.count() > 0)
      stages.input = spawn<pacing_checker>(*host, stages.input, pace);
    return stages;
  };
  actors::house house{owned->get(), actors::compile(config), lanes, recipe, 1};
  const auto door = spawn<actors::node_door>(
    owned->get(), house.present(),
    actors::node_offer{
      house.fronts(), lanes, house.gate(), house.guests(), actors::node_identity::own({}), {}});
  std::string problem;
  std::cout << "port " << publish(owned->get(), door, "127.0.0.1", 0, problem) << std::endl;
  for (;;)
    pause(); // until a signal ends it
}

class node_process {
public:
  node_process(std::size_t lanes, std::chrono::microseconds pace, const std::string& cluster)
    : child_{"/proc/self/exe", {"--node", std::to_string(lanes), std::to_string(pace.count()), cluster}}
    , port_{child_.wait_for_line("port (\\d+)")[1]} {
    clock_getcpuclockid(child_.id(), &clock_);
  }

  std::string address() const { return "'127.0.0.1:" + port_ + "'"; }

  double cpu_seconds() const {
    timespec used{};
    clock_gettime(clock_, &used);
    return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
  }

private:
  test::child_process child_;
  std::string port_;
  clockid_t clock_{};
};

/// Closed loop: whoever has his answer submits his next request.
class driver {
public:
  driver(llm_rails& rails, std::size_t in_flight, std::size_t generations)
    : rails_{rails}
    , in_flight_{in_flight}
    , generations_{generations} {}

  void run() {
    for (std::size_t i = 0; i < in_flight_; ++i)
      submit();
    done_.acquire();
  }

private:
  struct slip final : completion {
    explicit slip(driver& owner)
      : target{owner} {}
    void complete(generation result) noexcept override { target.take(result); }
    driver& target;
  };

  void submit() {
    if (submitted_.fetch_add(1) >= generations_)
      return;
    rails_.submit(rails_.reserve_ticket(),
                  {{{"system", "You are a helpful assistant."}, {"user", text_}}, {}, {}},
                  std::make_unique<slip>(*this));
  }

  void take(const generation& result) {
    if (result.blocked)
      std::abort();
    if (answered_.fetch_add(1) + 1 == generations_)
      done_.release();
    else
      submit();
  }

  llm_rails& rails_;
  std::size_t in_flight_;
  std::size_t generations_;
  std::string text_ = std::string(300, 'x');
  std::atomic<std::size_t> submitted_{0};
  std::atomic<std::size_t> answered_{0};
  std::binary_semaphore done_{0};
};

struct figures {
  double per_second = 0;
  double own_cpu_us = 0;   ///< per generation, load generator included
  double nodes_cpu_us = 0; ///< per generation, of all nodes together
};

double own_cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

figures measure(std::size_t count, std::size_t lanes, std::chrono::microseconds pace, std::size_t in_flight,
                std::size_t generations, const std::string& cluster = {}) {
  std::vector<std::unique_ptr<node_process>> nodes;
  std::string addresses;
  for (std::size_t i = 0; i < count; ++i) {
    nodes.push_back(std::make_unique<node_process>(lanes, pace, cluster));
    addresses += (i > 0 ? ", " : "") + nodes.back()->address();
  }
  llm_rails rails{config_of(", local: false, nodes: [" + addresses + "]" + cluster),
                  {1, 1, scheduler_policy::stealing}};
  const auto is_open = [](const node_status& node) { return node.state == node_state::open; };
  while (std::ranges::count_if(rails.nodes(), is_open) < static_cast<std::ptrdiff_t>(count))
    std::this_thread::sleep_for(1ms);
  const auto nodes_cpu = [&] {
    double sum = 0;
    for (const auto& node : nodes)
      sum += node->cpu_seconds();
    return sum;
  };
  driver{rails, in_flight, in_flight}.run(); // once through everything
  const auto own = own_cpu_seconds();
  const auto others = nodes_cpu();
  const auto begin = clock_type::now();
  driver{rails, in_flight, generations}.run();
  const auto seconds = std::chrono::duration<double>(clock_type::now() - begin).count();
  const auto each = 1e6 / static_cast<double>(generations);
  return {static_cast<double>(generations) / seconds, (own_cpu_seconds() - own) * each,
          (nodes_cpu() - others) * each};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void measure_throughput(int rounds) {
  constexpr std::size_t lanes = 4;
  constexpr std::size_t for_each_node = 64; // in flight
  std::vector<double> one, two, three, twice, thrice;
  for (int i = 0; i < rounds; ++i) {
    one.push_back(measure(1, lanes, 2ms, for_each_node, 3'000).per_second);
    two.push_back(measure(2, lanes, 2ms, 2 * for_each_node, 6'000).per_second);
    three.push_back(measure(3, lanes, 2ms, 3 * for_each_node, 9'000).per_second);
    twice.push_back(two.back() / one.back());
    thrice.push_back(three.back() / one.back());
  }
  std::printf("2 ms of check work, %zu lanes a node, 1 / 2 / 3 nodes: %.0f / %.0f / %.0f generations/s\n",
              lanes, median(one), median(two), median(three));
  std::printf("  ratios: %.2f (limit 1.9) and %.2f (limit 2.8)\n", median(twice), median(thrice));
}

void measure_cost(int rounds) {
  constexpr std::size_t in_flight = 256;
  constexpr std::size_t generations = 100'000;
  const test::certificate_file known{test::identity{"IP:127.0.0.1"}};
  const auto tls = ", tls: {certificate: '" + known.path() + "', key: '" + known.key_path() +
                   "', ca_file: '" + known.path() + "'}";
  std::vector<double> plain_own, plain_node, plain_rate, tls_own, tls_node, tls_rate;
  for (int i = 0; i < rounds; ++i) {
    const auto plain = measure(1, 2, 0us, in_flight, generations);
    const auto secret = measure(1, 2, 0us, in_flight, generations, tls);
    plain_own.push_back(plain.own_cpu_us);
    plain_node.push_back(plain.nodes_cpu_us);
    plain_rate.push_back(plain.per_second);
    tls_own.push_back(secret.own_cpu_us);
    tls_node.push_back(secret.nodes_cpu_us);
    tls_rate.push_back(secret.per_second);
  }
  std::printf("remote generation, %zu in flight, echo engine, no checks, us CPU here / at the node:\n",
              in_flight);
  std::printf("  plain %.1f (limit 12) / %.1f, %.0f generations/s\n", median(plain_own), median(plain_node),
              median(plain_rate));
  std::printf("  TLS   %.1f (limit 20) / %.1f, %.0f generations/s\n", median(tls_own), median(tls_node),
              median(tls_rate));
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view{argv[1]} == "--node")
    run_node(std::stoul(argv[2]), std::chrono::microseconds{std::stol(argv[3])}, argv[4]);
  const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 5;
  measure_throughput(rounds);
  measure_cost(rounds);
}
