// The subcommand `config`, as a shell would call it.
#define CAF_SUITE config.command
#include "tests/caf_test.hpp"

#include "apps/config_command.hpp"

#include "tests/command_run.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

namespace {

struct fixture {
  const guardrails::test::scratch_folder scratch;
  const std::string echo = GUARDRAILS_SOURCE_DIR "/config/echo.yml";
  const std::string demo = GUARDRAILS_SOURCE_DIR "/config/demo.yml";
  const std::string bad = GUARDRAILS_SOURCE_DIR "/tests/configs/bad/unknown_key.yml";
  std::string out;
  std::string err;

  int run(const std::string& arguments) {
    auto run = guardrails::test::run_command(guardrails::apps::add_config_command, arguments);
    out = std::move(run.out);
    err = std::move(run.err);
    return run.code;
  }

  std::string file(const std::string& name, const std::string& text) const {
    return scratch.file(name, text);
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("validate names version and checks that are off") {
    CHECK_EQ(run("config validate " + echo), 0);
    CHECK(out.starts_with(echo + ": ok (version "));
    CHECK(out.find("checks off: check_off_topic") != std::string::npos);
  }

  TEST("validate names the checks that hold a stream back, or judge what was shown") {
    CHECK_EQ(run("config validate " + echo), 0);
    CHECK(out.find("streams: held until the end by semantic_class, what an answer does") !=
          std::string::npos);
    const auto trailing = file("trailing.yml", "guardrails: {streaming: trailing, check_sql_syntax: true}\n");
    CHECK_EQ(run("config validate " + trailing), 0);
    CHECK(out.find("streams: judged when shown by sql_syntax") != std::string::npos);
    const auto bound = file("bound.yml", "guardrails: {streaming: trailing, decode_runs: true}\n");
    CHECK_EQ(run("config validate " + bound), 0);
    CHECK(out.find("held until the end by decode_runs") != std::string::npos);
    CHECK_EQ(out.find("semantic_class,"), std::string::npos);
    CHECK_EQ(run("config validate " + file("free.yml", "guardrails: {check_semantic: false}\n")), 0);
    CHECK_EQ(out.find("streams:"), std::string::npos);
  }

  TEST("validate goes on after a bad file and exits with 2") {
    CHECK_EQ(run("config validate " + bad + ' ' + demo), 2);
    CHECK(err.starts_with(bad + ":4:3: llm.temprature: unknown key"));
    CHECK(out.starts_with(demo + ": ok"));
  }

  TEST("show prints YAML that validates again") {
    CHECK_EQ(run("config show " + demo), 0);
    const auto written = file("shown.yml", out);
    CHECK_EQ(run("config diff " + demo + ' ' + written), 0);
  }

  TEST("show prints JSON") {
    CHECK_EQ(run("config show --json " + demo), 0);
    CHECK(out.starts_with("{\"version\":\""));
    CHECK(out.find("\"timeout\":\"10s\"") != std::string::npos);
    CHECK(out.find("\"max_connections\":128") != std::string::npos);
  }

  TEST("show prints what keys mean") {
    CHECK_EQ(run("config show --keys"), 0);
    CHECK(out.find("llm.temperature (number: 0 to 2) [not set]") != std::string::npos);
    CHECK_EQ(run("config show"), 2);
  }

  TEST("show prints how large the compiled policy is") {
    const auto some =
      file("some.yml", "guardrails:\n  check_toxicity: false\n  check_semantic: false\n  "
                       "check_sensitive_data: false\n  block_list: {words: [one, two, three], "
                       "patterns: ['f[aou]ur']}\n");
    CHECK_EQ(run("config show --stats " + some), 0);
    CHECK(out.starts_with("checks on       block_list\n"
                          "patterns        0 built in, 1 of the configuration\n"));
    CHECK(out.find("\nrecognisers     0\nwords           3, about ") != std::string::npos);
    CHECK(out.find("\ntagger          not used\nvocabulary      none\ncompiled in     ") !=
          std::string::npos);
    CHECK(out.ends_with(" ms\n"));
  }

  TEST("show prints the same figures as JSON") {
    const auto names = file("names.yml", "guardrails: {pii: {enabled: true}}\n");
    CHECK_EQ(run("config show --stats --json " + names), 0);
    const auto stats = boost::json::parse(out).as_object();
    const auto& patterns = stats.at("patterns").as_object();
    CHECK_EQ(boost::json::serialize(stats.at("checks")),
             "[\"pii\",\"toxicity\",\"sensitive_data\",\"semantic_class\"]");
    CHECK_EQ(patterns.at("user").to_number<int>(), 0);
    CHECK(patterns.at("built_in").to_number<int>() > 10);
    for (const auto* figure : {"forward_instructions", "reverse_instructions", "bytes"})
      CHECK(patterns.at(figure).to_number<int>() > patterns.at("built_in").to_number<int>());
    CHECK(stats.at("recognisers").to_number<int>() > 0);
    CHECK(stats.at("tagger_bytes").to_number<int>() > 0);
    CHECK(stats.at("compile_ms").to_number<double>() > 0);
  }

  TEST("a policy that cannot be compiled has no figures") {
    const auto unread =
      file("unread.yml",
           "guardrails: {token_budget: {enabled: true, max_request_tokens: 9, vocabulary: /no/such/file}}\n");
    CHECK_EQ(run("config show --stats " + unread), 2);
    CHECK(out.empty());
    CHECK(err.starts_with("/no/such/file"));
  }

  TEST("diff exits with 0, 1 or 2") {
    const auto one = file("one.yml", "llm: {engine: echo}\n");
    const auto two = file("two.yml", "llm: {engine: echo, latency: 5ms}\n");
    CHECK_EQ(run("config diff " + one + ' ' + one), 0);
    CHECK_EQ(run("config diff " + one + ' ' + two), 1);
    CHECK_EQ(out, "llm.latency: 0s -> 5ms\n");
    CHECK_EQ(run("config diff " + one + ' ' + bad), 2);
  }

} // WITH_FIXTURE(fixture)
