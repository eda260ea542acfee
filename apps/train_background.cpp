// Reads plain rows, trains, writes the model.
#include "apps/train_background.hpp"

#include "apps/write_file.hpp"
#include "train/background_training.hpp"
#include "train/labelled_rows.hpp"
#include "train/row_files.hpp"

#include <iostream>

namespace guardrails::apps {

namespace {

// Whatever a row says beside its text, it is only a text here.
std::vector<train::plain_text> plain_texts(const std::vector<std::string>& named) {
  std::vector<train::plain_text> texts;
  for (auto& row : train::labelled_rows(train::row_files(named), train::row_label::negative))
    texts.push_back({std::move(row.text), std::move(row.source)});
  return texts;
}

} // namespace

void train_background(const background_options& options) {
  train::background_training how;
  how.seed = how.words.seed = options.seed;
  const auto texts = plain_texts(options.data);
  const auto fields = plain_texts(options.fields);
  std::cout << texts.size() << " texts, " << fields.size() << " fields of words\n" << std::flush;
  const auto contents = train::train_background(texts, fields, how, [](const std::string& line) {
    std::cout << line << '\n' << std::flush;
  });
  const auto bytes = checks::similarity::write(contents);
  write_file(options.out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::cout << options.out << ": " << bytes.size() << " bytes, version "
            << checks::similarity::background{bytes}.version() << '\n';
}

} // namespace guardrails::apps
