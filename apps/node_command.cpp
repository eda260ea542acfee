// A node as a program: says who may come, listens, and leaves in good order.
#include "apps/node_command.hpp"

#include "apps/cluster_files.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"
#include "config/node_address.hpp"

#include <guardrails/guardrails.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include <unistd.h>

namespace guardrails::apps {

namespace {

using std::chrono::milliseconds;

struct node_choices {
  config::node_address listen{"127.0.0.1", 4711};
  std::string config;
  std::size_t threads = 0;
  bool insecure = false;
  cluster_config files;
  milliseconds drain_time{30'000};
};

rails_config read_config(const node_choices& chosen) {
  auto config =
    chosen.config.empty() ? rails_config::from_content("{}") : rails_config::from_file(chosen.config);
  put_cluster_files(chosen.files, config.cluster);
  return config;
}

/// Blocked in every thread that is started later, so that only await_end() takes them.
sigset_t block_end_signals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  return ends;
}

/// Peers need a moment to hear of it, and answers one to leave. A second signal ends it at once.
void drain(rails_node& node, const sigset_t& ends, milliseconds limit) {
  constexpr milliseconds a_moment{300};
  constexpr timespec look_again{0, 20'000'000};
  const auto begin = std::chrono::steady_clock::now();
  node.drain();
  auto now = begin;
  for (auto busy = begin; now - begin < limit && now - busy < a_moment;
       now = std::chrono::steady_clock::now()) {
    if (node.in_flight() > 0)
      busy = now;
    if (sigtimedwait(&ends, nullptr, &look_again) > 0)
      return;
  }
}

int run(const node_choices& chosen) {
  try {
    const auto config = read_config(chosen);
    const bool has_tls = !config.cluster.tls.certificate.empty();
    if (!has_tls && !chosen.insecure && !chosen.listen.is_loopback()) {
      std::cerr << "guardrails node: " << chosen.listen.text()
                << " can be reached from elsewhere, and without TLS whoever reaches it can do anything; give "
                   "--tls-cert, --tls-key and --tls-ca (guardrails cert makes them), or --insecure\n";
      return 2;
    }
    const auto ends = block_end_signals();
    std::signal(SIGHUP, SIG_IGN); // there is nothing to read again, and much to lose
    node_options options;
    options.host = chosen.listen.host == "localhost" ? "127.0.0.1" : chosen.listen.host;
    options.port = chosen.listen.port;
    options.runtime.threads = chosen.threads;
    options.runtime.policy = scheduler_policy::sharing;
    options.report = [](const std::string& line) {
      std::clog << "guardrails node: " + line + "\n" << std::flush;
    };
    std::atomic<bool> broken{false};
    options.closed = [&broken] {
      broken = true;
      kill(getpid(), SIGTERM); // wakes who waits for the end
    };
    rails_node node{config, options};
    const config::node_address where{options.host, node.port()};
    std::cout << "guardrails node listening on " << where.text() << (has_tls ? " (TLS)" : " (plain)")
              << std::endl;
    int signal = 0;
    sigwait(&ends, &signal);
    if (broken)
      return 1;
    drain(node, ends, chosen.drain_time);
    std::cout << "guardrails node ended with " << node.in_flight() << " generations under way" << std::endl;
    return 0;
  } catch (const config_error& problem) {
    std::cerr << problem.what() << "\n";
    return 2;
  }
}

} // namespace

void add_node_command(CLI::App& app, int& exit_code) {
  auto chosen = std::make_shared<node_choices>();
  auto& command = *app.add_subcommand("node", "Runs generations for gateways and programs elsewhere");
  command
    .add_option_function<std::string>(
      "--listen",
      [chosen](const std::string& text) {
        const auto where = config::parse_node_address(text);
        if (!where)
          throw CLI::ValidationError{"--listen", "'" + text + "' is not HOST:PORT"};
        chosen->listen = *where;
      },
      "Where to listen; port 0 picks a free one (default 127.0.0.1:4711)")
    ->type_name("HOST:PORT");
  command.add_option("--config,-c", chosen->config,
                     "Configuration file, of which the node takes `cluster` and `llm.pool`");
  command.add_option("--threads", chosen->threads, "Threads that run actors (default: one per core)")
    ->check(CLI::Range(1, 256));
  command.add_flag("--insecure", chosen->insecure, "Listens without TLS where others can reach it");
  add_cluster_files(command, chosen->files);
  command
    .add_option_function<std::string>(
      "--drain-timeout",
      [chosen](const std::string& text) {
        const auto value = mock_llm::parse_duration(text);
        if (!value)
          throw CLI::ValidationError{"--drain-timeout", "'" + text + "' is not a duration such as 10s"};
        chosen->drain_time = *value;
      },
      "After SIGTERM, for what is under way (default 30s)")
    ->type_name("TIME");
  command.callback([chosen, &exit_code] { exit_code = run(*chosen); });
}

} // namespace guardrails::apps
