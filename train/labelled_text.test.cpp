// Rows whose class is known, from lines and from files.
#include "train/labelled_rows.hpp"
#include "train/row_files.hpp"

#include <zlib.h>

#define CAF_SUITE train.labelled
#include "tests/caf_test.hpp"
#include "tests/scratch_folder.hpp"

using namespace guardrails::train;

namespace {

using guardrails::checks::text_channel;

template <class Read>
std::string refusal(Read read) {
  try {
    read();
    return "";
  } catch (const row_error& error) {
    return error.what();
  }
}

std::string refused(std::string_view line) {
  return refusal([&] { read_labelled(line); });
}

std::string refused_score(std::string_view line) {
  return refusal([&] { read_scored(line, "injection"); });
}

void write_packed(const std::string& path, std::string_view text) {
  auto* const file = ::gzopen(path.c_str(), "wb");
  ::gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  ::gzclose(file);
}

} // namespace

TEST("a row with everything") {
  const auto row = read_labelled(R"({"text":"añb","y":1,"label":"jailbreak","source":"own","lang":"es",)"
                                 R"("head":"injection","style":"chat","channel":"data","id":[1]})");
  CHECK_EQ(row.text, "añb");
  CHECK(row.positive);
  CHECK_EQ(row.label, "jailbreak");
  CHECK_EQ(row.source, "own");
  CHECK_EQ(row.lang, "es");
  CHECK_EQ(row.head, "injection");
  CHECK_EQ(row.style, "chat");
  CHECK(row.channel == text_channel::data);
}

TEST("a row with what is needed") {
  const auto row = read_labelled(R"({"text":"","y":false,"label":null})");
  CHECK(!row.positive);
  CHECK(row.label.empty() && row.head.empty() && !row.channel);
  CHECK(read_labelled(R"({"text":"a","y":true})").positive);
}

TEST("a row that is a negative whatever it says") {
  for (const auto* line : {R"({"text":"a"})", R"({"text":"a","y":1})", R"({"text":"a","y":-1})"})
    CHECK(!read_labelled(line, row_label::negative).positive);
}

TEST("a row may leave the question open") {
  for (const auto* y : {"-1", "2", "0.5"})
    CHECK(!read_answered(std::string{R"({"text":"a","y":)"} + y + "}"));
  CHECK(read_answered(R"({"text":"a","y":1})").value().positive);
  CHECK(!read_answered(R"({"text":"a","y":0})").value().positive);
  for (const auto* line : {R"({"text":"a"})", R"({"text":"a","y":"1"})", R"({"y":-1})"})
    CHECK(!refusal([&] { read_answered(line); }).empty());
}

TEST("what is wrong with a row is said") {
  CHECK_EQ(refused("[]"), "the row is no JSON object");
  CHECK_EQ(refused(R"({"text":"a","y":1)"), "the row is no JSON object");
  CHECK_EQ(refused(R"({"y":1})"), "the row has no `text`");
  CHECK_EQ(refused(R"({"text":null,"y":1})"), "the row has no `text`");
  CHECK_EQ(refused(R"({"text":7,"y":1})"), "`text` is no string");
  CHECK_EQ(refused(R"({"text":"a"})"), "the row has no `y`");
  for (const auto* y : {"-1", "2", "0.5", "\"1\"", "18446744073709551615", "[1]"})
    CHECK_EQ(refused(std::string{R"({"text":"a","y":)"} + y + "}"), "`y` is neither 0 nor 1");
  CHECK_EQ(refused(R"({"text":"a","y":1,"lang":["en"]})"), "`lang` is no string");
  CHECK_EQ(refused(R"({"text":"a","y":1,"channel":"system"})"), "`channel` is neither user, data nor output");
}

TEST("a row with scores needs no text") {
  const auto scored =
    read_scored(R"({"y":1,"source":"s","report":{"passed":true,"scores":{"toxicity":0.1,"injection":0.75}}})",
                "injection");
  CHECK_EQ(scored.score, 0.75);
  CHECK(scored.row.positive);
  CHECK_EQ(scored.row.source, "s");
  CHECK_EQ(read_scored(R"({"y":0,"report":{"scores":{"injection":1}}})", "injection").score, 1.0);
}

TEST("a row without the score is refused") {
  const std::string missing = "the row has no number `report.scores.injection`";
  for (const auto* line :
       {R"({"y":1})", R"({"y":1,"report":1})", R"({"y":1,"report":{}})", R"({"y":1,"report":{"scores":[]}})",
        R"({"y":1,"report":{"scores":{"toxicity":1}}})", R"({"y":1,"report":{"scores":{"injection":null}}})",
        R"({"y":1,"report":{"scores":{"injection":"0.5"}}})", R"({"error":"not JSON","line":3})"})
    CHECK_EQ(refused_score(line), missing);
  CHECK_EQ(refused_score(R"({"report":{"scores":{"injection":1}}})"), "the row has no `y`");
}

TEST("rows of a folder, packed or not, have their file's name as source") {
  const guardrails::test::scratch_folder scratch;
  scratch.file("b.jsonl", "{\"text\":\"two\",\"y\":0}\n\n{\"text\":\"three\",\"y\":1,\"source\":\"own\"}\n");
  write_packed(scratch.path("a.v1.jsonl.gz"), "{\"text\":\"one\",\"y\":1}\n");
  scratch.file("notes.txt", "no row");
  const auto files = row_files(std::vector<std::string>{scratch.path().string()});
  std::string seen;
  for (const auto& row : labelled_rows(files))
    seen.append(row.text).append(row.positive ? "+" : "-").append(row.source).append(" ");
  CHECK_EQ(seen, "one+a.v1 two-b three+own ");
  scratch.file("b.jsonl", "{\"text\":\"two\",\"y\":-1}\n{\"text\":\"three\",\"y\":0}\n");
  const auto answered = answered_rows(files);
  CHECK_EQ(answered.size(), 2u);
  CHECK_EQ(answered.back().text + answered.back().source, "threeb");
}

TEST("a row that cannot be used is named by file and number") {
  const guardrails::test::scratch_folder scratch;
  const auto file = scratch.file("rows.jsonl", "{\"text\":\"a\",\"y\":0}\n\n{\"text\":\"b\",\"y\":3}\n");
  const std::vector<std::filesystem::path> files{file};
  CHECK_EQ(refusal([&] { labelled_rows(files); }), file + ", row 2: `y` is neither 0 nor 1");
  CHECK_EQ(refusal([&] { scored_rows(files, "toxicity"); }),
           file + ", row 1: the row has no number `report.scores.toxicity`");
}

TEST("labels kept apart answer for rows, and for parts of them") {
  const separate_labels labels{{"a", {true, "harmful", std::nullopt}},
                               {"b", {true, "x", labelled_part{1, 3}}}};
  const auto open = read_answered(R"({"id": "a", "text": "t", "y": -1})", labels);
  REQUIRE(open.has_value());
  CHECK(open->positive);
  CHECK_EQ(open->label, "harmful");
  CHECK(!read_answered(R"({"id": "c", "text": "t", "y": -1})", labels).has_value());
  const guardrails::test::scratch_folder folder;
  const std::filesystem::path file{folder.file(
    "rows.jsonl",
    "{\"id\": \"b\", \"text\": \"\u00e9bcd\", \"y\": 0}\n{\"id\": \"d\", \"text\": \"z\", \"y\": 0}\n")};
  const auto rows = answered_rows(std::vector{file}, labels);
  REQUIRE(rows.size() == 3);
  CHECK_EQ(rows[0].text, "\u00e9\nd");
  CHECK(!rows[0].positive);
  CHECK_EQ(rows[1].text, "bc");
  CHECK(rows[1].positive);
  CHECK_EQ(answered_rows(std::vector{file}, labels, unnamed_rows::skip).size(), 2U);
}

TEST("labels kept apart say what is wrong with them") {
  const auto problem = [](std::string_view line) { return refusal([&] { read_separate_label(line); }); };
  CHECK_EQ(problem(R"({"id": "a", "head": "harmful", "y": 1, "part": [0, 2]})"), "");
  CHECK_EQ(problem(R"({"head": "harmful", "y": 1})"), "the label has no `id`");
  CHECK_EQ(problem(R"({"id": "a", "head": "harmful", "y": 2})"), "`y` is neither 0 nor 1");
  CHECK_EQ(problem(R"({"id": "a", "head": "harmful", "y": 1, "part": [2, 2]})"),
           "`part` is no pair of places, the first before the second");
  CHECK_EQ(problem(R"({"id": "a", "head": "harmful", "y": 0, "part": [0, 2]})"),
           "`part` is for rows with `y` 1");
}
