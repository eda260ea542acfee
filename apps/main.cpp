// The `guardrails` program: one subcommand per file, one meaning per exit code.
#include "apps/cert_command.hpp"
#include "apps/chat_command.hpp"
#include "apps/check_command.hpp"
#include "apps/config_command.hpp"
#include "apps/eval_command.hpp"
#include "apps/eval_models.hpp"
#include "apps/gateway/serve_command.hpp"
#include "apps/load/load_command.hpp"
#include "apps/mock_llm/mock_llm_command.hpp"
#include "apps/node_command.hpp"
#include "apps/nodes_command.hpp"
#include "apps/train_command.hpp"

#include <exception>
#include <iostream>

namespace guardrails::apps {
namespace {

constexpr int usage_error = 2;
constexpr int runtime_failure = 3;

void add_commands(CLI::App& app, int& exit_code) {
  add_check_command(app, exit_code);
  add_config_command(app, exit_code);
  add_chat_command(app, exit_code);
  add_serve_command(app, exit_code);
  add_node_command(app, exit_code);
  add_nodes_command(app, exit_code);
  add_mock_llm_command(app, exit_code);
  add_load_command(app, exit_code);
  add_train_command(app, exit_code);
  add_cert_command(app, exit_code);
  add_eval_command(app, exit_code, eval_models());
}

int run(int argc, char** argv) {
  int exit_code = 0;
  CLI::App app{"Guardrails for LLM applications", "guardrails"};
  app.set_version_flag("--version", "guardrails " GUARDRAILS_VERSION);
  app.footer(
    "Exit codes: 0 ok, 1 blocked or failed check, 2 usage or configuration error, 3 runtime failure.");
  app.require_subcommand(1);
  add_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    // --help and --version arrive here too, as success.
    return app.exit(problem) == 0 ? 0 : usage_error;
  }
  return exit_code;
}

} // namespace
} // namespace guardrails::apps

int main(int argc, char** argv) {
  try {
    const auto exit_code = guardrails::apps::run(argc, argv);
    if (std::cout.flush())
      return exit_code;
    std::cerr << "guardrails: cannot write to standard output\n";
  } catch (const std::exception& problem) {
    std::cerr << "guardrails: " << problem.what() << '\n';
  } catch (...) {
    std::cerr << "guardrails: unknown failure\n";
  }
  return guardrails::apps::runtime_failure;
}
