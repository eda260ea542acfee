// `guardrails train`: fits an embedded model to annotated rows.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// Adds the subcommand. When it ran, `exit_code` is 0, 2 for rows that cannot be used, or 3 where a file
/// cannot be read or written.
void add_train_command(CLI::App& app, int& exit_code);

} // namespace guardrails::apps
