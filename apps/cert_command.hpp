// `guardrails cert init|node|token|show`: certificates and join tokens for nodes that have none.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// Adds the subcommand. When it ran, `exit_code` is 0, 2 for arguments or files that cannot be used, or 3
/// where something could not be written.
void add_cert_command(CLI::App& app, int& exit_code);

} // namespace guardrails::apps
