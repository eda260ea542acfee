// Training of heads: the classifier, calibration, generators, and the whole of it on a few made-up rows.
#define CAF_SUITE head_training
#include "tests/caf_test.hpp"

#include "checks/models/head_scorer.hpp"
#include "train/calibration.hpp"
#include "train/carriers.hpp"
#include "train/head_training.hpp"
#include "train/obfuscation.hpp"

#include "tests/scratch_folder.hpp"

#include <cmath>

#include <string>
#include <vector>

using namespace guardrails;
using namespace guardrails::train;
using checks::models::head;

namespace {

labelled_text row_of(std::string text, bool positive, std::string label, std::string source) {
  labelled_text row;
  row.text = std::move(text);
  row.positive = positive;
  row.label = std::move(label);
  row.source = std::move(source);
  return row;
}

/// Orders to a dog are what is looked for, talk of the weather is not.
std::vector<labelled_text> made_up_rows() {
  const std::vector<std::string> commands{"fetch the stick",  "sit down now",       "roll over",
                                          "give me your paw", "stay where you are", "heel at once",
                                          "drop the ball",    "come here boy"};
  const std::vector<std::string> weather{"it rains a lot",    "the sun is out",       "clouds are coming in",
                                         "a windy afternoon", "snow fell last night", "fog on the lake",
                                         "a mild evening",    "thunder far away"};
  std::vector<labelled_text> rows;
  for (int i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < commands.size(); ++j) {
      const auto number = std::to_string(i * 8 + static_cast<int>(j));
      std::string command{"please "};
      std::string talk{"today "};
      rows.push_back(
        row_of(command.append(commands[j]).append(" ").append(number), true, "injection", "dog"));
      rows.push_back(row_of(talk.append(weather[j]).append(" ").append(number), false, "benign", "sky"));
    }
  return rows;
}

trained_heads train_made_up(std::uint64_t seed) {
  auto how = settings_for(head::injection);
  how.margins.seed = seed;
  how.margins.bucket_bits = 12;
  return train_heads(made_up_rows(), {}, how);
}

} // namespace

TEST("a head learns what its rows say, the same for the same seed") {
  const auto trained = train_made_up(5);
  CHECK_EQ(trained.reports.size(), 1u);
  CHECK(trained.reports.front().auroc > 0.99);
  const auto bytes = write(trained.contents);
  const checks::models::head_model model{bytes};
  CHECK(model.has(head::injection) && !model.has(head::toxicity));
  CHECK(checks::models::score("please come here boy", model)[head::injection] > 0.5F);
  CHECK(checks::models::score("snow fell today", model)[head::injection] < 0.5F);
  CHECK(write(train_made_up(5).contents) == bytes);
}

TEST("too few rows are refused") {
  auto rows = made_up_rows();
  rows.resize(7);
  std::string why;
  try {
    train_heads(rows, {}, settings_for(head::injection));
  } catch (const row_error& error) {
    why = error.what();
  }
  CHECK_EQ(why, "there are too few rows: at least 4 with `y` 1 and 4 with `y` 0 are needed");
}

TEST("rows of other heads are left out") {
  auto rows = made_up_rows();
  for (auto& row : rows)
    row.head = "harmful";
  std::string why;
  try {
    train_heads(rows, {}, settings_for(head::injection));
  } catch (const row_error& error) {
    why = error.what();
  }
  CHECK(!why.empty());
}

TEST("a calibrated probability is the share of positive rows there") {
  std::vector<scored_row> rows;
  for (int margin = -4; margin <= 4; ++margin)
    for (int i = 0; i < 100; ++i) {
      const auto share = 100 / (1 + std::exp(-1.5 * margin));
      rows.push_back({static_cast<double>(margin), static_cast<double>(i) < share, 1});
    }
  const auto curve = calibrate(rows, 0.5);
  CHECK(std::abs(curve.slope - 1.5) < 0.15);
  CHECK(std::abs(curve(0) - 0.5) < 0.05);
  CHECK(curve(2) > 0.9 && curve(-2) < 0.1);
}

TEST("an attack counts wherever in a text it stands") {
  const auto filler = [] {
    std::string text;
    for (int i = 0; i < 60; ++i)
      text += "the sun is out today ";
    return text;
  }();
  const auto trained = train_made_up(5);
  const auto bytes = write(trained.contents);
  const checks::models::head_model model{bytes};
  const auto hidden = checks::models::score(filler +
                                              "please roll over please sit down now please give me your "
                                              "paw please fetch the stick " +
                                              filler,
                                            model);
  CHECK(hidden[head::injection] > checks::models::score(filler, model)[head::injection]);
}

TEST("obfuscation changes the writing and keeps what is no letter") {
  random_source random{3};
  CHECK_EQ(obfuscate("ab cd", obfuscation::spaced, random), "a b  c d");
  CHECK_EQ(obfuscate("ab cd", obfuscation::dotted, random), "a.b c.d");
  CHECK_EQ(obfuscate("ab cd", obfuscation::underscored, random), "ab_cd");
  CHECK_EQ(obfuscate("ab cd", obfuscation::run_together, random), "AbCd");
  CHECK(obfuscate("states of ease", obfuscation::leet, random) != "states of ease");
  for (unsigned i = 0; i < obfuscations; ++i)
    CHECK_EQ(obfuscate("12 %", static_cast<obfuscation>(i), random).find("12"), 0u);
}

TEST("a carrier without a place for a payload is named without being quoted") {
  const test::scratch_folder scratch;
  const std::vector<std::filesystem::path> good{scratch.file("good.jsonl", "{\"text\":\"a {payload} b\"}\n")};
  const auto carriers = read_carriers(good);
  REQUIRE(carriers.size() == 1u);
  CHECK_EQ(carriers[0], "a {payload} b");
  const std::vector<std::filesystem::path> bad{scratch.file("bad.jsonl", "{\"text\":\"secret\"}\n")};
  try {
    read_carriers(bad);
    CHECK(false);
  } catch (const row_error& error) {
    CHECK_EQ(error.what(), bad[0].string() + ", row 1: the carrier has no {payload}");
  }
}

TEST("a carrier takes a payload in its place") {
  const auto rows = made_up_rows();
  std::vector<const labelled_text*> chosen;
  for (const auto& row : rows)
    chosen.push_back(&row);
  random_source random{1};
  const std::vector<std::string> carriers{"Dear all, {payload} Yours, Ann"};
  const auto made =
    augment(chosen, carriers, {.joined = 0, .long_joined = 0, .obfuscated = 0, .carried = 2}, random);
  CHECK_EQ(made.size(), 4u);
  for (const auto& m : made) {
    CHECK(m.row.text.starts_with("Dear all, ") && m.row.text.ends_with(" Yours, Ann"));
    CHECK_EQ(m.row.positive, m.row.text.find("please") != std::string::npos);
  }
}
