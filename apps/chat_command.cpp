// Guarded generations from the command line.
#include "apps/chat_command.hpp"

#include "apps/node_option.hpp"
#include "apps/terminal_text.hpp"

#include <guardrails/guardrails.hpp>
#include <guardrails/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace guardrails::apps {

namespace {

struct chat_options {
  std::string config;
  std::vector<std::string> messages;
  std::string system;
  std::string session;
  bool json = false;
  std::vector<std::string> nodes;
};

std::string milliseconds(std::uint64_t microseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f ms", static_cast<double>(microseconds) / 1000);
  return text;
}

int exit_code_of(const generation& result) {
  if (!result.blocked)
    return 0;
  switch (*result.block_reason) {
  case block_reason::input:
  case block_reason::output:
  case block_reason::no_user_input:
  case block_reason::token_budget_input:
  case block_reason::token_budget_output:
  case block_reason::rate_limited:
  case block_reason::check_error:
    return 1;
  case block_reason::llm_error:
  case block_reason::overloaded:
  case block_reason::timeout:
  case block_reason::cancelled:
    return 3;
  }
  return 3;
}

void print_findings(std::ostream& out, const boxed_optional<check_report>& report, std::string_view rail) {
  if (!report)
    return;
  for (const auto& f : report->findings)
    out << "  " << rail << ": " << f.label << " at bytes [" << f.span.begin << ", " << f.span.end
        << "), score " << f.score << ", " << to_string(f.action) << "\n";
  for (const auto& e : report->errors)
    out << "  " << rail << ": " << e.check << " could not judge: " << e.message << "\n";
}

void print(std::ostream& out, const generation& result) {
  if (result.blocked)
    out << "  blocked (" << to_string(*result.block_reason) << "): " << printable(result.final_response)
        << "\n";
  else
    out << "  answered: " << printable(result.final_response) << "\n";
  print_findings(out, result.input_check, "input");
  print_findings(out, result.output_check, "output");
  if (result.error)
    out << "  error: " << result.error->kind << ": " << printable(result.error->message) << "\n";
  const auto& t = result.timings;
  out << "  timings: queue " << milliseconds(t.queue) << ", input checks " << milliseconds(t.input_checks)
      << ", llm " << milliseconds(t.llm) << ", output checks " << milliseconds(t.output_checks) << ", total "
      << milliseconds(t.total) << std::endl;
}

std::vector<chat_message> opening(const chat_options& options) {
  std::vector<chat_message> messages;
  if (!options.system.empty())
    messages.push_back({"system", options.system});
  return messages;
}

int run_messages(llm_rails& rails, const chat_options& options) {
  std::vector<async<generation>> tasks;
  for (const auto& text : options.messages) {
    auto messages = opening(options);
    messages.push_back({"user", text});
    tasks.push_back(rails.generate_async({std::move(messages), {}, {}, options.session}));
  }
  int worst = 0;
  const auto results = gather(std::move(tasks)).get();
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (options.json) {
      std::cout << boost::json::serialize(to_json(results[i])) << std::endl;
    } else {
      std::cout << "> " << printable(options.messages[i]) << "\n";
      print(std::cout, results[i]);
    }
    worst = std::max(worst, exit_code_of(results[i]));
  }
  return worst;
}

/// A conversation from standard input, one message a line, and one session. A blocked turn does not become
/// part of it.
int run_conversation(llm_rails& rails, const chat_options& options) {
  const bool terminal = isatty(STDIN_FILENO) != 0;
  const auto session = options.session.empty() ? std::string{"conversation"} : options.session;
  auto messages = opening(options);
  int worst = 0;
  for (std::string line; (terminal && std::cout << "you> " << std::flush), std::getline(std::cin, line);) {
    if (line.empty())
      continue;
    messages.push_back({"user", line});
    auto result = rails.generate({messages, {}, {}, session});
    worst = std::max(worst, exit_code_of(result));
    if (options.json)
      std::cout << boost::json::serialize(to_json(result)) << std::endl;
    else
      print(std::cout, result);
    if (result.blocked)
      messages.pop_back();
    else
      messages.push_back({"assistant", result.final_response});
  }
  return worst;
}

int run(const chat_options& options) {
  try {
    llm_rails rails{rails_config::from_file(options.config), {.network = !options.nodes.empty()}};
    for (const auto& node : options.nodes)
      rails.connect(node);
    return options.messages.empty() ? run_conversation(rails, options) : run_messages(rails, options);
  } catch (const config_error& problem) {
    std::cerr << problem.what() << "\n";
    return 2;
  }
}

} // namespace

void add_chat_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<chat_options>();
  auto* command =
    app.add_subcommand("chat", "Run guarded generations: one, several at once, or a conversation");
  command->add_option("--config,-c", options->config, "Configuration file")->required();
  command
    ->add_option(
      "--message,-m", options->messages,
      "Message of the user; given several times, they run at once. Without it: a conversation, one "
      "message a line on standard input")
    ->allow_extra_args(false);
  command->add_option("--system", options->system, "System message put first");
  command->add_option("--session", options->session,
                      "Session that the messages belong to; a conversation is one by itself");
  add_node_option(*command, options->nodes);
  command->add_flag("--json", options->json, "Print each generation as one line of JSON");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace guardrails::apps
