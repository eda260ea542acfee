// Reads rows, trains, writes the model.
#include "apps/train_command.hpp"

#include "apps/pii_rows.hpp"
#include "apps/train_background.hpp"
#include "apps/train_heads.hpp"
#include "apps/write_file.hpp"
#include "train/row_files.hpp"
#include "train/tagger_training.hpp"

#include <iostream>
#include <memory>

namespace guardrails::apps {

namespace {

struct train_options {
  head_options heads; // and what all tasks have in common
  std::vector<std::string> plain;
  std::vector<std::string> fields; // of words
  train::tagger_training how;
};

std::vector<std::string> tasks() {
  std::vector<std::string> names{"pii", "background"};
  names.insert(names.end(), checks::models::head_names.begin(),
               checks::models::head_names.begin() + checks::models::reported_heads);
  return names;
}

void train_pii(const train_options& options) {
  const auto [annotated, warnings] = annotated_rows(train::row_files(options.heads.data));
  for (const auto& warning : warnings)
    std::cerr << "guardrails train: warning: " << warning << '\n';
  const auto plain = plain_rows(train::row_files(options.plain));
  std::cout << annotated.size() << " annotated rows, " << plain.size() << " plain texts\n";
  const auto contents = train::train_tagger(annotated, plain, options.how, [](unsigned epoch, double loss) {
    std::cout << "epoch " << epoch << ": loss " << loss << " a token\n" << std::flush;
  });
  const auto bytes = checks::tagger::write(contents);
  write_file(options.heads.out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::cout << options.heads.out << ": " << bytes.size() << " bytes\n";
}

int run(train_options& options) {
  auto& heads = options.heads;
  options.how.seed = heads.seed;
  try {
    if (!heads.join.empty())
      join_heads(heads);
    else if (heads.task == "pii")
      train_pii(options);
    else if (heads.task == "background")
      train_background({heads.data, options.fields, heads.out, heads.seed});
    else
      train_head(heads);
    return 0;
  } catch (const train::row_error& error) {
    std::cerr << "guardrails train: " << error.what() << '\n';
    return 2;
  } catch (const checks::models::model_error& error) {
    std::cerr << "guardrails train: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "guardrails train: " << error.what() << '\n';
    return 3;
  }
}

} // namespace

void add_train_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<train_options>();
  auto& heads = options->heads;
  auto* command = app.add_subcommand("train", "Fit an embedded model to labelled rows");
  auto* work = command->add_option_group("work")->require_option(1);
  auto* task = work->add_option("--task", heads.task,
                                "what is trained: pii (the tagger of persons, places and the like), "
                                "background (what topics are told apart by), or one of the heads of the "
                                "learned checks");
  task->check(CLI::IsMember(tasks()));
  auto* join = work->add_option("--join", heads.join, "model files whose heads become one file");
  auto* data = command->add_option("--data", heads.data,
                                   "files of labelled rows (.jsonl, .jsonl.gz), or folders of them");
  task->needs(data);
  join->excludes(data);
  command->add_option("--positives", heads.positives,
                      "heads: files whose rows with `y` 1 are further positive ones, of whatever head");
  command->add_option("--negatives", heads.negatives,
                      "heads: files whose rows with `y` 0 are further negative ones, of whatever head");
  command->add_option("--carriers", heads.carriers,
                      "heads: files of documents with a {payload} place, into which rows are put");
  command->add_option("--labels", heads.labels,
                      "heads: files of labels by `id` and `head`, for rows of --data that say nothing or "
                      "something else");
  command->add_option("--labelled", heads.labelled,
                      "heads: files of which only the rows count that --labels has something about");
  command->add_option("--plain", options->plain,
                      "pii: files of ordinary texts, from which it learns what words are no names");
  command->add_option("--fields", options->fields,
                      "background: files of lists of words that belong together");
  command->add_option("--out", heads.out, "the model file to write")->required();
  command->add_option("--report", heads.report,
                      "heads: a JSON file to write, of what became of held-out rows");
  command->add_option("--seed", heads.seed, "the same seed and rows give the same model")
    ->capture_default_str();
  command->add_option("--epochs", options->how.epochs, "pii: passes over the rows")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace guardrails::apps
