// The subcommand `guardrails load`.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails {

/// Adds the subcommand to `app`; running it leaves its result in `exit_code`.
void add_load_command(CLI::App& app, int& exit_code);

} // namespace guardrails
