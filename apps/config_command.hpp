// `guardrails config validate|show|diff`: looks at configurations without running them.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// Adds the subcommand. When it ran, `exit_code` is 0, 1 where `diff` found a difference, or 2 for a
/// configuration that cannot be used.
void add_config_command(CLI::App& app, int& exit_code);

} // namespace guardrails::apps
