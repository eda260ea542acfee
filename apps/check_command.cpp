// The options of `check` and what it prints.
#include "apps/check_command.hpp"

#include "apps/read_file.hpp"
#include "apps/terminal_colour.hpp"
#include "apps/terminal_text.hpp"

#include <guardrails/errors.hpp>
#include <guardrails/rails_config.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guardrails::apps {

namespace {

struct check_options {
  std::string input;
  std::string output;
  std::string text;
  std::string file;
  std::string config;
  std::vector<std::string> only;
  std::vector<std::string> entities;
  bool jsonl = false;
  bool explain = false;
  bool json = false;
  colour_choice colours = colour_choice::automatic;

  CLI::Option* input_given = nullptr;
  CLI::Option* output_given = nullptr;
  CLI::Option* text_given = nullptr;
  CLI::Option* file_given = nullptr;
};

std::string read_all(std::istream& in) {
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

colour colour_of(finding_action action) {
  if (action == finding_action::block)
    return colour::red;
  return action == finding_action::pass ? colour::faint : colour::yellow;
}

std::string why(const finding_reason& reason) {
  if (reason.pattern.empty()) {
    std::string text = "n-grams";
    for (const auto& n : reason.ngrams)
      text.append(" `").append(n).append("`");
    return text;
  }
  std::string text = "pattern " + reason.pattern;
  if (!reason.checksum.empty())
    text += ", checksum " + reason.checksum;
  for (const auto& word : reason.context)
    text += ", word `" + word + "` before it";
  return text;
}

void explain(std::ostream& out, const finding& f, std::string_view text, const painter& paint) {
  const auto line = [&](std::string_view name, std::string_view value) {
    out << "    " << paint(colour::faint, std::string{name} + ":") << ' ' << printable(value) << '\n';
  };
  if (f.entity)
    line("entity", *f.entity);
  line("text", text.substr(f.span.begin, f.span.end - f.span.begin));
  line("why", why(f.why));
  if (f.model_version)
    line("model", *f.model_version);
  if (f.score < f.threshold)
    line("below threshold", std::to_string(f.threshold).substr(0, 4));
  if (f.replacement)
    line("masked as", *f.replacement);
}

void print_report(std::ostream& out, const check_report& report, std::string_view text, bool with_reasons,
                  const painter& paint) {
  out << paint(report.passed ? colour::green : colour::red, report.passed ? "passed" : "failed") << ": "
      << report.message << "\n";
  for (const auto& f : report.findings) {
    out << "  " << f.label << " [" << f.span.begin << ", " << f.span.end << ") score " << f.score << ", "
        << paint(colour_of(f.action), boost::describe::enum_to_string(f.action, "")) << " (" << f.check
        << ")\n";
    if (with_reasons)
      explain(out, f, text, paint);
  }
  for (const auto& e : report.errors)
    out << "  " << e.check << " could not judge (" << e.kind << "): " << e.message << "\n";
}

void print_budget(std::ostream& out, const token_budget_report& budget, text_channel channel) {
  out << "  token budget: "
      << (channel == text_channel::output ? budget.output_tokens : budget.context_tokens) << " tokens";
  if (channel != text_channel::output && budget.output_tokens > 0)
    out << ", " << budget.output_tokens << " reserved for the answer";
  out << (budget.passed ? "\n" : ", over the limit\n");
}

struct given_text {
  text_channel channel;
  std::string text;
};

given_text text_of(const check_options& options) {
  if (options.input_given->count() > 0)
    return {text_channel::user, options.input};
  if (options.output_given->count() > 0)
    return {text_channel::output, options.output};
  if (options.text_given->count() > 0)
    return {text_channel::data, options.text};
  return {text_channel::data, options.file_given->count() > 0 ? read_file(options.file) : read_all(std::cin)};
}

int check_one(const text_judge& judge, const check_options& options) {
  const auto [channel, text] = text_of(options);
  const auto verdict = judge.judge(channel, text);
  if (options.json) {
    std::cout << to_json(verdict) << "\n";
  } else {
    print_report(std::cout, verdict.report, text, options.explain, painter{wants_colour(options.colours)});
    if (verdict.token_budget)
      print_budget(std::cout, *verdict.token_budget, channel);
  }
  return verdict.report.passed ? 0 : 1;
}

int run_batch(const text_judge& judge, const check_options& options) {
  if (options.file_given->count() == 0)
    return check_batch(judge, std::cin, std::cout) == 0 ? 0 : 1;
  auto file = open_file(options.file);
  return check_batch(judge, file, std::cout) == 0 ? 0 : 1;
}

rails_config config_of(const check_options& options) {
  if (options.config.empty())
    return {};
  return rails_config::from_file(options.config);
}

int run(const check_options& options) {
  try {
    const text_judge judge{config_of(options), options.only, options.entities};
    const auto code = options.jsonl ? run_batch(judge, options) : check_one(judge, options);
    std::cout.flush();
    if (!std::cout)
      throw std::runtime_error{"cannot write the report"};
    return code;
  } catch (const config_error& error) {
    std::cerr << "guardrails check: " << printable(error.what()) << "\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "guardrails check: " << printable(error.what()) << "\n";
    return 3;
  }
}

} // namespace

void add_check_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<check_options>();
  auto* command =
    app.add_subcommand("check", "Run the checks on a text (default: standard input), print the report");
  auto* source = command->add_option_group("text");
  options->input_given = source->add_option("--input", options->input, "a user's text");
  options->output_given = source->add_option("--output", options->output, "a model's answer");
  options->text_given = source->add_option("--text", options->text, "any text");
  options->file_given =
    source->add_option("--file", options->file, "a file that holds the text, or the lines");
  source->require_option(0, 1);
  auto* jsonl =
    command->add_flag("--jsonl", options->jsonl, "one JSON object with `text` per line, from FILE or stdin");
  jsonl->excludes(options->input_given)->excludes(options->output_given)->excludes(options->text_given);
  command->add_flag("--explain", options->explain, "show entity, text, reason and mask of every finding");
  command->add_flag("--json", options->json, "print the report as JSON");
  const std::map<std::string, colour_choice> choices{
    {"auto", colour_choice::automatic}, {"always", colour_choice::always}, {"never", colour_choice::never}};
  command->add_option("--color", options->colours, "colour the report: auto, always or never")
    ->transform(CLI::CheckedTransformer(choices))
    ->option_text("WHEN");
  command->add_option("--only", options->only, "run just these checks")->delimiter(',');
  command->add_option("--entities", options->entities, "look for just these entities or labels")
    ->delimiter(',');
  command->add_option("--config,-c", options->config,
                      "the YAML configuration (default: every check's default)");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace guardrails::apps
