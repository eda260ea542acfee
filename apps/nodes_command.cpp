// Asks each node in turn and prints a line for it.
#include "apps/nodes_command.hpp"

#include "actors/node_inquiry.hpp"
#include "apps/cluster_files.hpp"
#include "apps/terminal_text.hpp"
#include "config/node_address.hpp"

#include <guardrails/errors.hpp>

#include <boost/json.hpp>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace guardrails::apps {

namespace {

namespace json = boost::json;

struct nodes_choices {
  std::vector<std::string> nodes;
  std::string config;
  cluster_config files;
  bool json = false;
};

std::string state_of(const actors::node_account& account) {
  if (!account.report.refusal.kind.empty())
    return "refused";
  if (!account.problem.empty())
    return "unreachable";
  return account.report.draining ? "draining" : "open";
}

json::object as_json(const std::string& node, const actors::node_account& account) {
  json::object result{{"node", node}, {"role", "node"}, {"state", state_of(account)}};
  if (!account.problem.empty()) {
    result["problem"] = account.problem;
    return result;
  }
  const auto& report = account.report;
  result["version"] = report.version;
  result["lanes"] = report.lanes;
  result["in_flight"] = report.in_flight;
  result["peers"] = report.peers;
  result["answered_in_us"] = account.took.count();
  return result;
}

void print(const std::string& node, const actors::node_account& account) {
  const auto& report = account.report;
  if (account.problem.empty())
    std::printf("%-24s %-11s %-8s %5llu %9llu %5llu %8.3f ms\n", node.c_str(), state_of(account).c_str(),
                report.version.c_str(), static_cast<unsigned long long>(report.lanes),
                static_cast<unsigned long long>(report.in_flight),
                static_cast<unsigned long long>(report.peers),
                static_cast<double>(account.took.count()) / 1000);
  else
    std::printf("%-24s %-11s %s\n", node.c_str(), state_of(account).c_str(),
                printable(account.problem).c_str());
}

int run(const nodes_choices& chosen) {
  try {
    auto config = chosen.config.empty() ? cluster_config{} : rails_config::from_file(chosen.config).cluster;
    put_cluster_files(chosen.files, config);
    const auto& nodes = chosen.nodes.empty() ? config.nodes : chosen.nodes;
    if (nodes.empty()) {
      std::cerr << "guardrails nodes: no node is given, neither as HOST:PORT nor by --config\n";
      return 2;
    }
    actors::node_inquiry inquiry{config};
    if (!chosen.json)
      std::printf("%-24s %-11s %-8s %5s %9s %5s %11s\n", "node", "state", "version", "lanes", "in flight",
                  "peers", "answered in");
    int exit_code = 0;
    for (const auto& node : nodes) {
      const auto account = inquiry.ask(config::parse_node_address(node).value());
      if (!account.problem.empty())
        exit_code = 3;
      if (chosen.json)
        std::printf("%s\n", json::serialize(as_json(node, account)).c_str());
      else
        print(node, account);
    }
    return exit_code;
  } catch (const config_error& problem) {
    std::cerr << problem.what() << "\n";
    return 2;
  }
}

} // namespace

void add_nodes_command(CLI::App& app, int& exit_code) {
  auto chosen = std::make_shared<nodes_choices>();
  auto& command = *app.add_subcommand("nodes", "Shows how nodes are");
  command.add_option("node", chosen->nodes, "Nodes; without, those of the configuration")
    ->type_name("HOST:PORT")
    ->check([](const std::string& text) {
      const auto where = config::parse_node_address(text);
      return where && where->port != 0 ? std::string{} : "'" + text + "' is not HOST:PORT";
    });
  command.add_option("--config,-c", chosen->config, "Configuration file, of which `cluster` is taken");
  add_cluster_files(command, chosen->files);
  command.add_flag("--json", chosen->json, "Print one line of JSON for each node");
  command.callback([chosen, &exit_code] { exit_code = run(*chosen); });
}

} // namespace guardrails::apps
