// `guardrails chat`: guarded generations from the command line, one, several at once, or a conversation.
#pragma once

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// Adds the subcommand. When it ran, `exit_code` is 0 when all were answered, 1 when a rail blocked one, 2
/// for a configuration that cannot be used, 3 when one failed otherwise (model unreachable, timeout, …).
void add_chat_command(CLI::App& app, int& exit_code);

} // namespace guardrails::apps
