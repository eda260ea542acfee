// Rows, their conventions, scores, and training on a handful of rows.
#include "checks/tagger/tagger.hpp"
#include "train/letter_case.hpp"
#include "train/read_lines.hpp"
#include "train/span_score.hpp"
#include "train/tagger_training.hpp"

#include <filesystem>
#include <zlib.h>

#define CAF_SUITE training
#include "tests/caf_test.hpp"
#include "tests/scratch_folder.hpp"

using namespace guardrails;
using namespace guardrails::train;

namespace tagger = guardrails::checks::tagger;

namespace {

std::string shown(std::string_view text, const std::vector<annotated_span>& spans) {
  std::string out;
  for (const auto& s : spans)
    out.append(out.empty() ? "" : "; ")
      .append(s.entity)
      .append(" ")
      .append(text.substr(s.begin, s.end - s.begin));
  return out;
}

std::string shown(const annotated_text& row) {
  return shown(row.text, row.spans);
}

std::string unified(std::string_view marked) {
  const auto row = read_marked(marked);
  return shown(row.text, unify(row.text, row.spans));
}

std::string refusal(std::string_view json) {
  try {
    read_annotated(json);
    return "";
  } catch (const row_error& error) {
    return error.what();
  }
}

// Sentences about made-up people: enough to learn that a name follows `name is`.
std::vector<annotated_text> few_rows() {
  std::vector<annotated_text> rows;
  for (const std::string name : {"Quorla", "Zemvik", "Trandol", "Ubrex", "Yilmet", "Pralno"}) {
    rows.push_back(read_marked("My name is [PERSON " + name + "]."));
    rows.push_back(read_marked("We met in [LOCATION " + name + "ville] last year."));
    rows.push_back(read_marked("The price of the card is too high."));
  }
  return rows;
}

std::vector<std::uint8_t> trained(std::uint64_t seed) {
  tagger_training how;
  how.seed = seed;
  how.bucket_bits = 12;
  how.epochs = 20;
  const std::vector<std::string> plain{"the price of the card", "the card is too high", "the price is high"};
  return tagger::write(train_tagger(few_rows(), plain, how));
}

span_tally score(std::string_view annotated, std::string_view found, std::string_view entity) {
  const std::vector<annotated_text> rows{read_marked(annotated)};
  const auto spans = read_marked(found).spans;
  const std::vector<std::string_view> entities{entity};
  return score_spans(
           rows, [&](std::string_view) { return spans; }, entities)
    .begin()
    ->second;
}

} // namespace

TEST("places in rows count code points") {
  CHECK_EQ(shown(read_annotated(R"({"text":"Zoë à Łódź","spans":[{"entity":"LOCATION","start":6,"end":10},)"
                                R"({"entity":"PERSON","start":0,"end":3}]})")),
           "PERSON Zoë; LOCATION Łódź");
  CHECK_EQ(shown(read_annotated(R"({"text":"nothing","spans":[]})")), "");
}

TEST("rows may be marked") {
  CHECK_EQ(shown(read_annotated(R"({"marked":"[PERSON Ann] is in [LOCATION Oslo]"})")),
           "PERSON Ann; LOCATION Oslo");
  CHECK_EQ(read_marked("a[i] [x] [1] [ [A").text, "a[i] [x] [1] [ [A");
  CHECK_EQ(read_marked("[PERSON Ann").text, "[PERSON Ann");
  CHECK_EQ(refusal(R"({"marked":"[PERSON ]"})"), "a mark is empty");
}

TEST("rows that cannot be used say why") {
  CHECK_EQ(refusal("{"), "the row is no JSON object");
  CHECK_EQ(refusal("[]"), "the row is no JSON object");
  CHECK_EQ(refusal(R"({"text":"a"})"), "the row has neither `text` and `spans` nor `marked`");
  CHECK_EQ(refusal(R"({"text":"a","spans":[7]})"), "a span is no object");
  for (const std::string places : {R"("start":0,"end":2)", R"("start":1,"end":1)", R"("start":1,"end":0)"})
    CHECK_EQ(refusal(R"({"text":"a","spans":[{"entity":"PERSON",)" + places + "}]}"),
             "a span lies outside of its text, or has no `entity`");
  CHECK_EQ(refusal(R"({"text":"a","spans":[{"entity":"PERSON","start":-1,"end":1}]})"),
           "a span has no `start` and `end`");
  CHECK_EQ(
    refusal(R"({"text":"abc","spans":[{"entity":"A","start":0,"end":2},{"entity":"B","start":1,"end":3}]})"),
    "spans overlap");
}

TEST("spans of different origin are made comparable") {
  CHECK_EQ(unified("[GPE Oslo] and [STREET_ADDRESS 5 Elm Street], [GPE Bergen]"),
           "LOCATION Oslo; LOCATION 5 Elm Street, Bergen");
  CHECK_EQ(unified("[PERSON Mr.] [PERSON Ford] and [PERSON Dr. Ann Lee]"), "PERSON Ford; PERSON Ann Lee");
  CHECK_EQ(unified("[PERSON Ann], [PERSON Bob]"), "PERSON Ann; PERSON Bob");
}

TEST("scores count what agrees, overlaps and is ignored") {
  const auto exact = score("[PERSON Ann Lee] sings", "[PERSON Ann Lee] sings", "PERSON");
  CHECK_EQ(exact.f1(), 1.0);
  const auto part = score("[PERSON Ann Lee] sings", "[PERSON Ann] Lee sings", "PERSON");
  CHECK_EQ(part.f1(), 0.0);
  CHECK_EQ(part.overlap_f1(), 1.0);
  const auto other = score("[PERSON Ann Lee] sings", "[LOCATION Ann Lee] sings", "LOCATION");
  CHECK_EQ(other.found, 1u);
  CHECK_EQ(other.overlapping, 0u);
  CHECK_EQ(score("[TITLE Clerk] here", "[PERSON Clerk] here", "PERSON").found, 0u);
  CHECK_EQ(score("[GPE Oslo] [ZIP_CODE 0150]", "[LOCATION Oslo 0150]", "LOCATION").f1(), 1.0);
  CHECK_EQ(score("nobody", "nobody", "PERSON").f1(), 0.0);
}

TEST("a text is written in other cases without moving a byte") {
  random_source random{1};
  const std::string text = "Ünal's ǆ ıſß IBM x9";
  CHECK_EQ(rewrite("Ann Lee", rewriting::small, random), "ann lee");
  CHECK_EQ(rewrite("ann o'lee", rewriting::titled, random), "Ann O'Lee");
  CHECK_EQ(rewrite("été", rewriting::capitals, random), "ÉTÉ");
  for (const auto how : {rewriting::none, rewriting::small, rewriting::capitals, rewriting::titled})
    CHECK_EQ(rewrite(text, how, random).size(), text.size());
}

TEST("lines are read from packed and plain files") {
  const test::scratch_folder scratch;
  const auto& folder = scratch.path();
  const auto plain = scratch.file("b.jsonl", "one\n\ntwo");
  const std::string packed = folder / "a.jsonl.gz";
  auto* const file = ::gzopen(packed.c_str(), "wb");
  ::gzputs(file, "three\nfour\n");
  ::gzclose(file);
  scratch.file("ignored.txt", "five\n");
  CHECK_EQ(read_lines(plain), (std::vector<std::string>{"one", "two"}));
  CHECK_EQ(read_lines(packed), (std::vector<std::string>{"three", "four"}));
  CHECK_EQ(data_files(folder).size(), 2u);
  std::filesystem::resize_file(packed, std::filesystem::file_size(packed) - 6);
  auto refused = 0;
  for (const auto& path : {std::filesystem::path{packed}, folder, folder / "absent"})
    try {
      read_lines(path);
    } catch (const std::runtime_error&) {
      ++refused;
    }
  CHECK_EQ(refused, 3);
}

TEST("the same seed gives the same model, another seed another") {
  const auto once = trained(5);
  CHECK(once == trained(5));
  CHECK(once != trained(6));
}

TEST("a handful of rows teaches what stands before a name") {
  const auto bytes = trained(1);
  const tagger::model weights{bytes};
  const std::string text = "My name is Brontek.";
  const auto found = tagger::find(text, weights, tagger::entity_set{}.set());
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == tagger::entity::person);
  CHECK_EQ(text.substr(found[0].where.begin, found[0].where.end - found[0].where.begin), "Brontek");
  CHECK(found[0].score > 0.5);
}

TEST("there is nothing to learn from no rows") {
  auto refused = false;
  try {
    train_tagger({}, {}, {});
  } catch (const row_error&) {
    refused = true;
  }
  CHECK(refused);
}
