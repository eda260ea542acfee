// The subcommand `check`: runs the rails on a text, or on a stream of them, and prints the report.
#pragma once

#include "apps/text_judge.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <iosfwd>

namespace guardrails::apps {

/// Adds `check` to `app`. Running it sets `exit_code`: 0 passed, 1 a check failed (or a malformed line with
/// --jsonl), 2 the configuration cannot be used, 3 a file cannot be read or written.
void add_check_command(CLI::App& app, int& exit_code);

/// The longest line of a batch in bytes; a longer one is malformed.
inline constexpr std::size_t longest_batch_line = 16u << 20;

/// Judges one JSON object per line (`text`, optional `channel`) and writes each back with a `report`. A
/// malformed line gives `{"error", "line"}`. Returns the number of malformed lines. Holds one line at a time.
std::size_t check_batch(const text_judge& judge, std::istream& in, std::ostream& out);

} // namespace guardrails::apps
