// `guardrails nodes`: how nodes are.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// When the subcommand ran, `exit_code` is 0 when every node answered, 3 when one did not.
void add_nodes_command(CLI::App& app, int& exit_code);

} // namespace guardrails::apps
