// `guardrails eval`: scores the checks and the models on rows whose truth is known.
#pragma once

#include "apps/eval_heads.hpp"

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// Adds the subcommand. When it ran, `exit_code` is 0 (also where there is no data: it says `skipped`), 2 for
/// options, rows or a model that cannot be used, or 3 where a file cannot be read or written.
void add_eval_command(CLI::App& app, int& exit_code, head_models models = {});

} // namespace guardrails::apps
