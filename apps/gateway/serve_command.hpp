// `guardrails serve`: an OpenAI-compatible gateway with the rails in it.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// Adds the subcommand; when it runs, it sets `exit_code`.
void add_serve_command(CLI::App& app, int& exit_code);

} // namespace guardrails::apps
