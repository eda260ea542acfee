// The options of `eval`, and what they ask for.
#include "apps/eval_command.hpp"

#include "apps/eval_spans.hpp"
#include "apps/terminal_text.hpp"
#include "checks/tagger/model.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

namespace guardrails::apps {

namespace {

constexpr std::string_view spans_task = "pii";

std::vector<std::string> tasks() {
  const auto heads = head_tasks();
  std::vector<std::string> all{heads.begin(), heads.end()};
  all.emplace_back(spans_task);
  return all;
}

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

void refuse_what_spans_lack(const eval_options& options) {
  if (!options.negatives.empty() || !options.html.empty() || !options.svg.empty())
    throw std::invalid_argument{"pii has no --negatives, --html or --svg"};
  if (options.threshold && (*options.threshold < 0 || *options.threshold > 1))
    throw std::invalid_argument{"the --threshold of pii is a number from 0 to 1"};
}

void evaluate(const eval_options& options, const head_models& models) {
  if (options.task.empty() == options.head.empty())
    throw std::invalid_argument{"either --task with --data, or --scores with --head"};
  if (std::ranges::none_of(options.scores.empty() ? options.data : options.scores, exists)) {
    std::cout << "skipped: there is no data at the places named\n";
    return;
  }
  if (options.task != spans_task)
    return evaluate_head(options, models);
  refuse_what_spans_lack(options);
  evaluate_spans(options);
}

int refused(const std::exception& error, int code) {
  std::cerr << "guardrails eval: " << printable(error.what()) << '\n';
  return code;
}

int run(const eval_options& options, const head_models& models) {
  try {
    evaluate(options, models);
    return 0;
  } catch (const train::row_error& error) {
    return refused(error, 2);
  } catch (const checks::tagger::model_error& error) {
    return refused(error, 2);
  } catch (const std::invalid_argument& error) {
    return refused(error, 2);
  } catch (const std::exception& error) {
    return refused(error, 3);
  }
}

void add_rows(CLI::App& command, eval_options& options) {
  auto* task = command.add_option("--task", options.task, "what is scored")->check(CLI::IsMember(tasks()));
  auto* data =
    command.add_option("--data", options.data, "files of rows (.jsonl, .jsonl.gz), or folders of them");
  auto* scores = command.add_option("--scores", options.scores,
                                    "rows with scores, as `check --jsonl` writes them, in place of --data");
  auto* head = command.add_option("--head", options.head, "which of the rows' scores: report.scores.HEAD");
  task->needs(data)->excludes(scores);
  data->needs(task);
  scores->needs(head)->excludes(data);
  head->needs(scores);
  command.add_option("--negatives", options.negatives, "more rows, which count as y = 0 whatever they say");
  command.add_option("--model", options.model, "a model file (default: the embedded model)")
    ->excludes(scores);
  command.add_option("--topics", options.topics, "of offtopic: rows with `name` and `description`");
  command.add_option("--examples", options.examples, "of offtopic: rows whose `label` is a topic's name");
  command
    .add_option("--examples-per-topic", options.examples_per_topic, "how many of them each topic is given")
    ->capture_default_str();
}

} // namespace

void add_eval_command(CLI::App& app, int& exit_code, head_models models) {
  auto options = std::make_shared<eval_options>();
  auto* command = app.add_subcommand("eval", "Score the checks and the models on labelled rows");
  add_rows(*command, *options);
  command->add_option("--threshold", options->threshold,
                      "least score that is flagged (default: the model's own, or 0.5)");
  command->add_flag("--json", options->json, "print JSON");
  command->add_option("--html", options->html, "write the report as a page");
  command->add_option("--svg", options->svg, "write the reliability diagram");
  command->add_flag("--misses", options->misses,
                    "print what was missed or wrong, with the rows, to standard error");
  command->callback([options, &exit_code, models = std::move(models)] { exit_code = run(*options, models); });
}

} // namespace guardrails::apps
