// `train` and `eval`, as a shell would call them.
#define CAF_SUITE train.command
#include "tests/caf_test.hpp"

#include "apps/eval_command.hpp"
#include "apps/train_command.hpp"

#include <boost/json.hpp>

#include "tests/command_run.hpp"
#include "tests/scratch_folder.hpp"

#include <fstream>

namespace {

struct fixture {
  const guardrails::test::scratch_folder scratch;
  std::string out;
  std::string err;

  int run(const std::string& arguments) {
    auto run = guardrails::test::run_command(
      [](CLI::App& app, int& code) {
        guardrails::apps::add_train_command(app, code);
        guardrails::apps::add_eval_command(app, code);
      },
      arguments);
    out = std::move(run.out);
    err = std::move(run.err);
    return run.code;
  }

  std::string file(const std::string& name, const std::string& text) const {
    return scratch.file(name, text);
  }

  std::string path(const std::string& name) const { return scratch.path(name); }

  std::string rows() const {
    return file("rows.jsonl", "{\"marked\":\"My name is [PERSON Maria Garcia].\"}\n"
                              "{\"marked\":\"Write to [EMAIL_ADDRESS ann.lee@example.com] today.\"}\n"
                              "{\"marked\":\"I live in [LOCATION Madrid].\"}\n");
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("without data eval says that it skips") {
    CHECK_EQ(run("eval --task pii --data " + path("absent")), 0);
    CHECK_EQ(out, "skipped: there is no data at the places named\n");
  }

  TEST("eval prints a table") {
    CHECK_EQ(run("eval --task pii --data " + rows()), 0);
    CHECK(out.starts_with("spans of 3 rows\n"));
    CHECK(out.find("\nPERSON               1      1      1.000   1.000   1.000") != std::string::npos);
    CHECK(out.find("\npatterns             1      1      1.000   1.000   1.000") != std::string::npos);
  }

  TEST("eval prints JSON") {
    CHECK_EQ(run("eval --task pii --json --data " + rows()), 0);
    const auto all = boost::json::parse(out);
    CHECK_EQ(all.at("rows").to_number<int>(), 3);
    CHECK_EQ(all.at("tagger").at("LOCATION").at("f1").to_number<double>(), 1.0);
    CHECK_EQ(all.at("patterns").at("all").at("found").to_number<int>(), 1);
  }

  TEST("a trained model can be scored, and is the same for the same seed") {
    const auto data = " --data " + rows() + " --plain " + file("plain.jsonl", "{\"text\":\"just words\"}\n");
    CHECK_EQ(run("train --task pii --epochs 3 --seed 4 --out " + path("a.bin") + data), 0);
    CHECK(out.starts_with("3 annotated rows, 1 plain texts\nepoch 1: loss "));
    CHECK_EQ(run("train --task pii --epochs 3 --seed 4 --out " + path("b.bin") + data), 0);
    std::ifstream a{path("a.bin")};
    std::ifstream b{path("b.bin")};
    CHECK(std::equal(std::istreambuf_iterator<char>{a}, {}, std::istreambuf_iterator<char>{b}, {}));
    CHECK_EQ(run("eval --task pii --model " + path("a.bin") + " --data " + rows()), 0);
  }

  TEST("entities that nothing knows are named and counted, once each") {
    const auto odd =
      file("odd.jsonl", "{\"marked\":\"[PERSON Ann] is [AGE 40], a [TITLE Dr.] in [ZIP_CODE 12345]\"}\n"
                        "{\"marked\":\"I am [PERSN Ann] and [PERSN Bob] of [GPE Oslo]\"}\n"
                        "{\"marked\":\"[PERSN Cid] at [DOMAIN_NAME a.example]\"}\n");
    const auto of = [&](const std::string& command) {
      return "guardrails " + command + ": warning: " + odd +
             ", row 3: the entity `DOMAIN_NAME` is not known; its words count as outside of any (1 span)\n" +
             "guardrails " + command + ": warning: " + odd +
             ", row 2: the entity `PERSN` is not known; its words count as outside of any (3 spans)\n";
    };
    CHECK_EQ(run("train --task pii --epochs 1 --out " + path("odd.bin") + " --data " + odd), 0);
    CHECK_EQ(err, of("train"));
    CHECK_EQ(run("eval --task pii --data " + odd), 0);
    CHECK_EQ(err, of("eval"));
    CHECK_EQ(run("eval --task pii --data " + rows()), 0);
    CHECK_EQ(err, "");
  }

  TEST("a head is trained, reported on, and joined with another") {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      text += "{\"text\":\"please fetch the stick " + std::to_string(i) + "\",\"y\":1,\"label\":\"dog\"}\n";
      text += "{\"text\":\"it rains a lot today " + std::to_string(i) + "\",\"y\":0}\n";
    }
    const auto data = file("labelled.jsonl", text);
    CHECK_EQ(run("train --task injection --data " + data + " --report " + path("report.json") + " --out " +
                 path("injection.bin")),
             0);
    CHECK(out.starts_with("24 rows, 0 carriers\n"));
    CHECK(out.find("injection: 12 positive and 12 negative rows") != std::string::npos);
    std::ifstream report{path("report.json")};
    const auto reported = boost::json::parse(std::string{std::istreambuf_iterator<char>{report}, {}});
    CHECK_EQ(reported.at(0).at("head").as_string(), "injection");
    CHECK_EQ(run("train --task toxicity --data " + data + " --out " + path("toxicity.bin")), 0);
    CHECK_EQ(run("train --join " + path("injection.bin") + " " + path("toxicity.bin") + " --out " +
                 path("both.bin")),
             0);
    CHECK_EQ(run("train --join " + path("both.bin") + " " + path("toxicity.bin") + " --out " + path("x.bin")),
             2);
    CHECK_EQ(err, "guardrails train: two of the models to join have the same head\n");
  }

  TEST("a background is trained from rows with a text, whatever else they say") {
    const auto data = file("plain.jsonl", "{\"text\":\"the cat eats fish and drinks milk\",\"y\":-1}\n"
                                          "{\"text\":\"the dog eats meat and drinks milk\"}\n");
    const auto fields = file("fields.jsonl", "{\"text\":\"cat dog animal\"}\n");
    CHECK_EQ(
      run("train --task background --data " + data + " --fields " + fields + " --out " + path("b.bin")), 0);
    CHECK(out.starts_with("2 texts, 1 fields of words\n"));
  }

  TEST("what cannot be used is named") {
    const auto bad = file("bad.jsonl", "{\"marked\":\"fine\"}\n{\"text\":\"secret\"}\n");
    CHECK_EQ(run("train --task pii --out " + path("c.bin") + " --data " + bad), 2);
    CHECK_EQ(err,
             "guardrails train: " + bad + ", row 2: the row has neither `text` and `spans` nor `marked`\n");
    CHECK_EQ(run("eval --task pii --data " + bad), 2);
    CHECK_EQ(run("eval --task pii --data " + rows() + " --model " + rows()), 2);
    CHECK_EQ(err, "guardrails eval: this is no tagger model\n");
    CHECK_EQ(run("train --task pii --out " + path("no/such/folder") + " --data " + rows()), 3);
    CHECK_EQ(run("train --task pii --out " + path("d.bin") + " --data " + path("absent")), 3);
    CHECK_EQ(run("train --task toxicity --out x --data " + rows()), 2); // no `y`
    CHECK_EQ(err, "guardrails train: " + rows() + ", row 1: the row has no `text`\n");
  }
}
