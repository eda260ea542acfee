// Does to a cluster under load what machines and networks do to it, and counts what its callers saw. Exits
// with 0 where every goal was met, 1 where one was not, 2 for wrong arguments.
#include "tests/cluster/cluster.hpp"
#include "tests/cluster/questions.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <functional>
#include <iostream>
#include <optional>
#include <thread>

namespace {

using namespace guardrails::test;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr double least_share = 0.999; // of generations, where repeats are allowed

struct choices {
  cluster_plan plan;
  double rate = 100;
  double load_rate = 50;
  milliseconds calm{3'000};
  milliseconds fault{10'000};
  bool loopback = false;
};

struct phase {
  std::string name;
  clock_type::time_point from;
};

struct counts {
  std::size_t asked = 0;
  std::size_t generations = 0;
  std::size_t typed = 0;
  std::size_t wrong = 0;
  std::size_t lost = 0;
  std::vector<milliseconds> latencies; ///< of generations, ascending
};

/// What `guardrails load` had no answer for.
struct load_losses {
  std::int64_t intended = 0;
  std::int64_t lost = 0;
};

/// Of those that ended in that time: what befell a request counts where it did.
counts count(const std::vector<asked>& all, clock_type::time_point from, clock_type::time_point until) {
  counts sum;
  for (const auto& one : all) {
    if (const auto end = one.at + one.took; end < from || end >= until)
      continue;
    ++sum.asked;
    sum.typed += one.became == fate::typed;
    sum.wrong += one.became == fate::wrong;
    sum.lost += one.became == fate::lost;
    if (one.became != fate::generation)
      continue;
    ++sum.generations;
    sum.latencies.push_back(one.took);
  }
  std::ranges::sort(sum.latencies);
  return sum;
}

long quantile(const std::vector<milliseconds>& ascending, double share) {
  if (ascending.empty())
    return 0;
  const auto last = static_cast<double>(ascending.size() - 1);
  return static_cast<long>(ascending[static_cast<std::size_t>(last * share)].count());
}

void print_line(const char* name, const counts& sum) {
  std::printf("%-16s %7zu %11zu %6zu %6zu %5zu %8ld %8ld\n", name, sum.asked, sum.generations, sum.typed,
              sum.wrong, sum.lost, quantile(sum.latencies, 0.5), quantile(sum.latencies, 0.99));
}

/// Runs `guardrails load` beside the questions until it is stopped.
class background_load {
public:
  background_load(std::uint16_t port, double rate, milliseconds deadline)
    : process_{GUARDRAILS_BINARY_DIR "/apps/guardrails",
               {"load", "http://127.0.0.1:" + std::to_string(port), "--rate", std::to_string(rate),
                "--duration", "60m", "--timeout", std::to_string(deadline.count() + 1'000) + "ms",
                "--json"}} {}

  load_losses stop() {
    process_.signal(SIGINT);
    process_.wait(60s);
    const auto report = boost::json::parse(process_.output());
    const auto& errors = report.at("errors").as_object();
    load_losses sum{report.at("requests").at("intended").to_number<std::int64_t>(), 0};
    for (const auto& [kind, number] : errors)
      if (kind != "interrupted")
        sum.lost += number.to_number<std::int64_t>();
    return sum;
  }

private:
  child_process process_;
};

class drive {
public:
  drive(const choices& how, const machines& where)
    : how_{how}
    , where_{where}
    , cluster_{how.plan, where} {}

  bool run() {
    background_load load{cluster_.gateway(), how_.load_rate, how_.plan.deadline};
    questions asking{{cluster_.gateway(), "one", how_.rate, how_.plan.deadline}};
    const auto last = do_all();
    const auto& all = asking.finish();
    const auto beside = load.stop();
    return report(all, asking.reasons(), beside, last);
  }

private:
  static void rest(milliseconds time) { std::this_thread::sleep_for(time); }

  void begin(std::string name) { phases_.push_back({std::move(name), clock_type::now()}); }

  /// What is done to the cluster; when it was over.
  clock_type::time_point do_all() {
    begin("calm");
    rest(how_.calm);
    if (how_.plan.nodes > 1) {
      kill_node();
      stop_node();
      if (where_.how() == wiring::links)
        cut_link();
      if (where_.losing() != loss_by::none)
        lose_packets();
      restart_all();
    }
    return clock_type::now();
  }

  void kill_node() {
    begin("SIGKILL");
    cluster_.node(1).signal(SIGKILL);
    cluster_.node(1).wait();
    rest(how_.calm);
    begin("back");
    cluster_.start_node(1);
    rest(how_.calm);
  }

  void stop_node() {
    begin("SIGSTOP");
    cluster_.node(2).signal(SIGSTOP);
    rest(how_.fault);
    begin("SIGCONT");
    cluster_.node(2).signal(SIGCONT);
    rest(how_.calm);
  }

  void cut_link() {
    const auto machine = how_.plan.nodes;
    begin("link down");
    where_.cut(machine);
    rest(how_.fault);
    begin("link up");
    where_.heal(machine);
    rest(how_.calm);
  }

  void lose_packets() {
    begin("5 % lost");
    where_.lose(5);
    rest(how_.fault);
    begin("none lost");
    where_.lose_nothing();
    rest(how_.calm);
  }

  void restart_all() {
    begin("restarts");
    for (int machine = 1; machine <= how_.plan.nodes; ++machine) {
      cluster_.node(machine).signal(SIGTERM);
      cluster_.node(machine).wait(60s);
      cluster_.start_node(machine);
      rest(how_.calm);
    }
  }

  bool report(const std::vector<asked>& all, const std::map<std::string, std::uint64_t>& reasons,
              const load_losses& beside, clock_type::time_point last) const {
    std::printf("%-16s %7s %11s %6s %6s %5s %8s %8s\n", "phase", "asked", "generations", "typed", "wrong",
                "lost", "p50 ms", "p99 ms");
    for (std::size_t i = 0; i < phases_.size(); ++i)
      print_line(phases_[i].name.c_str(),
                 count(all, phases_[i].from, i + 1 < phases_.size() ? phases_[i + 1].from : last));
    const auto sum = count(all, clock_type::time_point::min(), clock_type::time_point::max());
    print_line("all", sum);
    for (const auto& [reason, number] : reasons)
      std::printf("  %s: %llu\n", reason.c_str(), static_cast<unsigned long long>(number));
    print_rerouting(all);
    std::printf("guardrails load: %lld requests, %lld lost\n", static_cast<long long>(beside.intended),
                static_cast<long long>(beside.lost));
    return judge_goals(sum, beside);
  }

  /// What came late by more than twice what is usual had to find another way; by how much it was late.
  void print_rerouting(const std::vector<asked>& all) const {
    const auto calm =
      count(all, phases_[0].from, phases_.size() > 1 ? phases_[1].from : clock_type::time_point::max());
    const auto usual = milliseconds{quantile(calm.latencies, 0.5)};
    const auto limit = milliseconds{2 * quantile(calm.latencies, 0.99)};
    std::vector<milliseconds> late;
    for (const auto& one : all)
      if (one.became == fate::generation && one.took > limit)
        late.push_back(one.took - usual);
    std::ranges::sort(late);
    std::printf("re-routed or held up: %zu generations, by p50 %ld ms, p99 %ld ms\n", late.size(),
                quantile(late, 0.5), quantile(late, 0.99));
  }

  bool judge_goals(const counts& sum, const load_losses& beside) const {
    // The load's requests all ask one question.
    const auto repeated =
      static_cast<long long>(cluster_.repeated_questions() - (beside.intended > 1 ? 1 : 0));
    std::printf("questions that reached the model more than once: %lld\n", repeated);
    const auto share = static_cast<double>(sum.generations) / static_cast<double>(sum.asked);
    std::printf("share of generations: %.5f\n", share);
    auto met = goal("0 lost", sum.lost == 0 && beside.lost == 0);
    met = goal("0 wrong answers", sum.wrong == 0) && met;
    if (how_.plan.repeat_started)
      return goal("at least 99.9 % generations", share >= least_share) && met;
    return goal("no call repeated", repeated == 0) && met;
  }

  static bool goal(const char* what, bool met) {
    std::printf("%s: %s\n", met ? "met" : "MISSED", what);
    return met;
  }

  const choices& how_;
  const machines& where_;
  cluster cluster_;
  std::vector<phase> phases_;
};

machines make_machines(const choices& how) {
  if (how.loopback)
    return machines::on_loopback();
  if (machines::links_permitted()) {
    auto made = machines::linked(std::max(1, how.plan.nodes));
    if (made.losing() == loss_by::none)
      std::cout << "neither netem nor nftables here: no packets are lost on purpose\n";
    return made;
  }
  std::cout << "network namespaces are not permitted here: everything runs on loopback, and no link is cut\n";
  return machines::on_loopback();
}

void add_options(CLI::App& app, choices& how) {
  app.add_option("--nodes", how.plan.nodes, "Nodes; 0 is a gateway alone")->check(CLI::Range(0, 16));
  app.add_flag("--tls", how.plan.tls, "Certificates and a join token");
  app.add_flag("--repeat-started", how.plan.repeat_started, "Calls of the model may be repeated");
  app.add_option("--rate", how.rate, "Questions a second")->check(CLI::Range(1.0, 5'000.0));
  app.add_option("--load-rate", how.load_rate, "Requests of `guardrails load` a second")
    ->check(CLI::Range(1.0, 5'000.0));
  app.add_option_function<unsigned>(
    "--calm", [&how](unsigned ms) { how.calm = milliseconds{ms}; },
    "Milliseconds before and after each fault (3000)");
  app.add_option_function<unsigned>(
    "--fault", [&how](unsigned ms) { how.fault = milliseconds{ms}; }, "Milliseconds a fault lasts (10000)");
  app.add_option_function<unsigned>(
    "--deadline", [&how](unsigned ms) { how.plan.deadline = milliseconds{ms}; },
    "Milliseconds a generation may take (5000)");
  app.add_flag("--loopback", how.loopback, "No network namespaces");
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Breaks a cluster under load in every way, and counts what callers saw"};
  choices how;
  add_options(app, how);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  try {
    const auto where = make_machines(how);
    return drive{how, where}.run() ? 0 : 1;
  } catch (const std::exception& problem) {
    std::cerr << "cluster_drive: " << problem.what() << '\n';
    return 1;
  }
}
