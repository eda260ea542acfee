// Runs a subcommand as a shell would call it.
#pragma once

#include <CLI/CLI.hpp>

#include <iostream>
#include <sstream>
#include <string>

namespace guardrails::test {

/// What a command printed, and its exit code: -1 when no command ran, 2 when its options were wrong.
struct command_run {
  int code = -1;
  std::string out;
  std::string err;
};

/// Parses `arguments` (a line, or a vector in CLI11's order) with the commands that `add(app, exit_code)`
/// adds.
template <class Add, class Arguments>
command_run run_command(Add add, Arguments arguments) {
  command_run run;
  std::ostringstream out;
  std::ostringstream err;
  auto* const old_out = std::cout.rdbuf(out.rdbuf());
  auto* const old_err = std::cerr.rdbuf(err.rdbuf());
  CLI::App app;
  add(app, run.code);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError&) {
    run.code = 2;
  }
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_err);
  run.out = out.str();
  run.err = err.str();
  return run;
}

} // namespace guardrails::test
