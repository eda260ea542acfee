// The option `--node` of the commands that may use nodes.
#pragma once

#include "config/node_address.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace guardrails::apps {

inline void add_node_option(CLI::App& command, std::vector<std::string>& nodes) {
  command
    .add_option("--node", nodes,
                "Node that runs generations too, beside those of the configuration; may be repeated")
    ->type_name("HOST:PORT")
    ->expected(1)
    ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
    ->check([](const std::string& text) {
      const auto where = config::parse_node_address(text);
      return where && where->port != 0 ? std::string{} : "'" + text + "' is not HOST:PORT";
    });
}

} // namespace guardrails::apps
