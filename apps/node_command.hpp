// `guardrails node`: lanes for others.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails::apps {

void add_node_command(CLI::App& app, int& exit_code);

} // namespace guardrails::apps
