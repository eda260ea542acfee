// tests/data/held_aside.jsonl: sentences that models are judged by and never trained on.
#include "checks/text_channel.hpp"
#include "train/row_files.hpp"

#include <filesystem>
#include <map>
#include <set>

#define CAF_SUITE held.aside
#include "tests/caf_test.hpp"

using namespace guardrails;

namespace {

const std::set<std::string> content_classes{"",          "jailbreak",    "prompt_injection",
                                            "malicious", "harmful",      "malicious_code_injection",
                                            "toxic",     "hallucination"};

struct held_aside_row {
  std::string text;
  std::string label;
  std::string expected; ///< content class; empty: nothing is to be found
  std::string channel;
  std::string lang;
};

std::string member(const boost::json::object& row, std::string_view name) {
  const auto* text = train::string_in(row, name);
  if (text == nullptr)
    throw train::row_error{"no string `" + std::string{name} + "`"};
  return {text->data(), text->size()};
}

std::vector<held_aside_row> held_aside() {
  const std::vector<std::filesystem::path> files{GUARDRAILS_SOURCE_DIR "/tests/data/held_aside.jsonl"};
  std::vector<held_aside_row> rows;
  train::read_rows(files, [&](std::string_view line, const train::row_place&) {
    const auto row = train::parse_row(line);
    rows.push_back({member(row, "text"), member(row, "label"), member(row, "expected"),
                    member(row, "channel"), member(row, "lang")});
  });
  return rows;
}

std::vector<std::filesystem::path> corpus_files() {
  const std::filesystem::path corpus{GUARDRAILS_SOURCE_DIR "/checks/models/corpus"};
  std::vector<std::filesystem::path> files;
  if (std::filesystem::exists(corpus))
    for (const auto& entry : std::filesystem::recursive_directory_iterator{corpus})
      if (entry.path().extension() == ".jsonl")
        files.push_back(entry.path());
  return files;
}

} // namespace

TEST("two hundred different sentences of every class, in a dozen languages") {
  std::set<std::string> texts;
  std::set<std::string> languages;
  std::map<std::string, int> classes;
  for (const auto& row : held_aside()) {
    texts.insert(row.text);
    languages.insert(row.lang);
    ++classes[row.expected];
    CHECK(content_classes.contains(row.expected));
    CHECK(checks::text_channel_named(row.channel).has_value());
    CHECK_EQ(row.expected.empty(), row.label.starts_with("benign"));
  }
  CHECK_EQ(texts.size(), 200u);
  CHECK(languages.size() >= 12);
  CHECK_EQ(classes[""], 110);
  CHECK_EQ(classes.size(), content_classes.size());
}

TEST("none of them is among the sentences that models are trained on") {
  std::set<std::string> texts;
  for (auto& row : held_aside())
    texts.insert(std::move(row.text));
  std::string found;
  train::read_rows(corpus_files(), [&](std::string_view line, const train::row_place& here) {
    const auto row = train::parse_row(line);
    const auto* text = train::string_in(row, "text");
    if (text != nullptr && texts.contains({text->data(), text->size()}))
      found.append(to_string(here)).append("; ");
  });
  CHECK_EQ(found, "");
}
