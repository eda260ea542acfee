// `eval` of the heads, as a shell would call it.
#define CAF_SUITE eval.command
#include "tests/caf_test.hpp"

#include "apps/eval_command.hpp"
#include "apps/read_file.hpp"

#include <boost/json.hpp>

#include "tests/command_run.hpp"
#include "tests/scratch_folder.hpp"

namespace {

namespace apps = guardrails::apps;

using guardrails::checks::text_channel;

// A model that scores a text by the number it begins with, and blocks from 0.6 on.
apps::head_models reading_models() {
  apps::head_models models;
  models.of_head = [](std::string_view head,
                      const std::string& file) -> std::optional<apps::head_models::text_model> {
    if (head != "injection")
      return std::nullopt;
    return apps::head_models::text_model{
      [](std::string_view text, text_channel) { return std::stod(std::string{text}); }, 0.6,
      file.empty() ? "embedded 7" : file};
  };
  // How far a text is from a topic: nothing where one of its examples is the text.
  models.of_topics = [](const std::string&) -> std::optional<apps::head_models::topic_model> {
    return apps::head_models::topic_model{
      [](const guardrails::allowed_topic& topic) -> guardrails::train::text_scorer {
        return [examples = topic.examples](std::string_view text, text_channel) {
          return std::ranges::find(examples, text) == examples.end() ? 1.0 : 0.0;
        };
      },
      0.5, "topics 7"};
  };
  return models;
}

struct fixture {
  const guardrails::test::scratch_folder scratch;
  std::string out;
  std::string err;

  int run(const std::string& arguments) {
    auto run = guardrails::test::run_command(
      [](CLI::App& app, int& code) { apps::add_eval_command(app, code, reading_models()); }, arguments);
    out = std::move(run.out);
    err = std::move(run.err);
    return run.code;
  }

  bool says(std::string_view part) const { return out.find(part) != std::string::npos; }

  std::string file(const std::string& name, const std::string& text) const {
    return scratch.file(name, text);
  }

  std::string rows() const {
    return file("rows.jsonl", "{\"text\":\"0.9 attack\",\"y\":1,\"lang\":\"en\"}\n"
                              "{\"text\":\"0.3 attack\",\"y\":1,\"head\":\"injection\"}\n"
                              "{\"text\":\"0.2 swearing\",\"y\":1,\"head\":\"toxicity\"}\n"
                              "{\"text\":\"0.7 quoted\",\"y\":0}\n");
  }

  std::string ordinary() const {
    return file("ordinary.jsonl", "{\"text\":\"0.1 hello\"}\n{\"text\":\"0.65 kill a process\",\"y\":1}\n");
  }

  std::string scored() const {
    return file("scored.jsonl", "{\"y\":1,\"report\":{\"scores\":{\"injection\":0.8}}}\n"
                                "{\"y\":0,\"report\":{\"scores\":{\"injection\":0.4}}}\n");
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("a head is scored on its rows") {
    CHECK_EQ(run("eval --task injection --data " + rows()), 0);
    CHECK(out.starts_with("injection, scored by embedded 7: 3 rows, 2 positive, 1 negative\n"));
    CHECK(says("\nF1                          0.500      0.600     1             1\n"));
  }

  TEST("negatives are added, whatever they say") {
    CHECK_EQ(run("eval --task injection --data " + rows() + " --negatives " + ordinary()), 0);
    CHECK(says("5 rows, 2 positive, 3 negative"));
    CHECK(says("\nordinary          2         0      -       -             1  0.500"));
  }

  TEST("a threshold of one's own") {
    CHECK_EQ(run("eval --task injection --threshold 0.25 --data " + rows()), 0);
    CHECK(says("\nrecall                      1.000      0.250     2             1\n"));
  }

  TEST("what was missed or wrong is told with its row") {
    CHECK_EQ(run("eval --task injection --misses --data " + rows()), 0);
    CHECK_EQ(err, "missed 0.300 rows: 0.3 attack\nwrong  0.700 rows: 0.7 quoted\n");
  }

  TEST("a report as JSON, page and diagram") {
    CHECK_EQ(run("eval --task injection --json --data " + rows() + " --html " + scratch.path("a.html") +
                 " --svg " + scratch.path("a.svg")),
             0);
    const auto report = boost::json::parse(out);
    CHECK_EQ(report.at("auroc").as_double(), 0.5);
    CHECK_EQ(report.at("scored_by").as_string(), "embedded 7");
    CHECK(apps::read_file(scratch.path("a.html")).starts_with("<!doctype html>"));
    CHECK(apps::read_file(scratch.path("a.svg")).starts_with("<svg"));
  }

  TEST("scores that are there already") {
    CHECK_EQ(run("eval --head injection --scores " + scored()), 0);
    CHECK(out.starts_with("injection, scored by " + scored() + ": 2 rows, 1 positive, 1 negative\n"));
    CHECK(says("\nAUROC                       1.000\n"));
    CHECK_EQ(run("eval --head injection --scores " + scored() + " --negatives " + scored()), 0);
    CHECK(says("4 rows, 1 positive, 3 negative"));
    CHECK_EQ(run("eval --head toxicity --scores " + scored()), 2);
    CHECK_EQ(err,
             "guardrails eval: " + scored() + ", row 1: the row has no number `report.scores.toxicity`\n");
  }

  TEST("each topic in turn is the allowed one") {
    const auto topics = file("topics.jsonl", "{\"name\":\"food\"}\n{\"name\":\"travel\"}\n");
    const auto examples = file("examples.jsonl", "{\"text\":\"soup\",\"label\":\"food\"}\n"
                                                 "{\"text\":\"trains\",\"label\":\"travel\"}\n");
    const auto data = file("data.jsonl", "{\"text\":\"soup\",\"label\":\"food\"}\n"
                                         "{\"text\":\"boats\",\"label\":\"travel\"}\n"
                                         "{\"text\":\"weather\",\"label\":\"oos\"}\n");
    CHECK_EQ(run("eval --task offtopic --data " + data), 2);
    CHECK_EQ(err,
             "guardrails eval: offtopic needs --topics: a file of topics with `name` and `description`\n");
    CHECK_EQ(run("eval --task offtopic --data " + data + " --topics " + topics + " --examples " + examples),
             0);
    CHECK(out.starts_with("offtopic, scored by topics 7: 6 rows, 4 positive, 2 negative\n"));
    CHECK(says("\nfood              3         2  1.000"));
    CHECK(says("\ntravel            3         2  0.500"));
    CHECK(says("\nmean of these                  0.750"));
    CHECK_EQ(run("eval --task offtopic --examples-per-topic 0 --data " + data + " --topics " + topics +
                 " --examples " + examples),
             0);
    CHECK(says("\nmean of these                  0.500"));
  }

  TEST("without data it says that it skips") {
    CHECK_EQ(run("eval --task injection --data " + scratch.path("absent")), 0);
    CHECK_EQ(out, "skipped: there is no data at the places named\n");
    CHECK_EQ(run("eval --head injection --scores " + scratch.path("absent")), 0);
    CHECK_EQ(out, "skipped: there is no data at the places named\n");
  }

  TEST("what cannot be used is named") {
    CHECK_EQ(run("eval --task toxicity --data " + rows()), 2);
    CHECK_EQ(err, "guardrails eval: there is no model of `toxicity`; scores that are there already can be "
                  "given with --scores and --head\n");
    CHECK_EQ(run("eval --task injection --data " + rows() + " --negatives " + scratch.path("absent")), 3);
    CHECK_EQ(run("eval --task injection --data " + rows() + " --html " + scratch.path("no/such/folder")), 3);
    const auto bad = file("bad.jsonl", "{\"text\":\"0.1\",\"y\":-1}\n");
    CHECK_EQ(run("eval --task injection --data " + bad), 2);
    CHECK_EQ(err, "guardrails eval: " + bad + ", row 1: `y` is neither 0 nor 1\n");
    const auto other = file("other.jsonl", "{\"text\":\"0.1\",\"y\":1,\"head\":\"hedge\"}\n");
    CHECK_EQ(run("eval --task injection --data " + other), 2);
    CHECK_EQ(err, "guardrails eval: there are no rows of `injection`\n");
  }

  TEST("options that do not go together") {
    CHECK_EQ(run("eval"), 2);
    CHECK_EQ(run("eval --task injection"), 2);
    CHECK_EQ(run("eval --scores " + scored()), 2);
    CHECK_EQ(run("eval --head injection"), 2);
    CHECK_EQ(run("eval --task injection --data " + rows() + " --scores " + scored() + " --head injection"),
             2);
    CHECK_EQ(run("eval --task nothing --data " + rows()), 2);
    CHECK_EQ(run("eval --task pii --data " + rows() + " --negatives " + rows()), 2);
    CHECK_EQ(run("eval --task offtopic --data " + rows() + " --topics " + rows() + " --negatives " + rows()),
             2);
    CHECK_EQ(run("eval --task pii --threshold 1.5 --data " + rows()), 2);
  }
}
