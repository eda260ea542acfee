// `guardrails eval`: scores the checks on annotated rows.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// Adds the subcommand. When it ran, `exit_code` is 0 (also where there is no data: it says `skipped`), 2 for
/// rows or a model that cannot be used, or 3 where a file cannot be read.
void add_eval_command(CLI::App& app, int& exit_code);

} // namespace guardrails::apps
