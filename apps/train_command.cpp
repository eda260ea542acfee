// Reads rows, trains, writes the model and beside it what it was made from.
#include "apps/train_command.hpp"

#include "apps/pii_rows.hpp"
#include "apps/write_file.hpp"
#include "train/row_files.hpp"
#include "train/tagger_training.hpp"

#include <boost/json.hpp>

#include <iostream>
#include <memory>

namespace guardrails::apps {

namespace {

struct train_options {
  std::string task;
  std::vector<std::string> data;
  std::vector<std::string> plain;
  std::string out;
  train::tagger_training how;
};

int train_pii(const train_options& options) {
  const auto [annotated, warnings] = annotated_rows(train::row_files(options.data));
  for (const auto& warning : warnings)
    std::cerr << "guardrails train: warning: " << warning << '\n';
  const auto plain = plain_rows(train::row_files(options.plain));
  std::cout << annotated.size() << " annotated rows, " << plain.size() << " plain texts\n";
  const auto contents = train::train_tagger(annotated, plain, options.how, [](unsigned epoch, double loss) {
    std::cout << "epoch " << epoch << ": loss " << loss << " a token\n" << std::flush;
  });
  const auto bytes = checks::tagger::write(contents);
  write_file(options.out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::cout << options.out << ": " << bytes.size() << " bytes\n";
  return 0;
}

int run(const train_options& options) {
  try {
    return train_pii(options);
  } catch (const train::row_error& error) {
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
  auto* command = app.add_subcommand("train", "Fit an embedded model to annotated rows");
  command
    ->add_option("--task", options->task, "what is trained: pii (the tagger of persons, places and the like)")
    ->required()
    ->check(CLI::IsMember({"pii"}));
  command
    ->add_option("--data", options->data, "files of annotated rows (.jsonl, .jsonl.gz), or folders of them")
    ->required();
  command->add_option("--plain", options->plain,
                      "files of ordinary texts, from which it learns what words are no names");
  command->add_option("--out", options->out, "the model file to write")->required();
  command->add_option("--seed", options->how.seed, "the same seed and rows give the same model")
    ->capture_default_str();
  command->add_option("--epochs", options->how.epochs, "passes over the rows")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace guardrails::apps
