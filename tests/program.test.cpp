// The program as its users run it: arguments in, output and exit code out.
#define CAF_SUITE program
#include "tests/caf_test.hpp"

#include "tests/mock_llm_process.hpp"
#include "tests/scratch_folder.hpp"

#include <guardrails/generation.hpp>

#include <boost/describe/members.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <sstream>

using namespace guardrails;
using test::child_process;
using test::mock_llm_process;
namespace json = boost::json;

namespace {

struct outcome {
  int code = 0;
  std::string output;

  std::vector<json::object> lines() const {
    std::vector<json::object> objects;
    std::istringstream in{output};
    for (std::string line; std::getline(in, line);)
      objects.push_back(json::parse(line).as_object());
    return objects;
  }
};

outcome run(std::vector<std::string> arguments, std::string_view input = {}) {
  child_process program{GUARDRAILS_BINARY_DIR "/apps/guardrails", std::move(arguments), input};
  const auto code = program.wait(std::chrono::seconds{60});
  return {code, program.output()};
}

/// A configuration file that asks `mock`.
class config_file {
public:
  explicit config_file(const mock_llm_process& mock, std::string_view guardrails = {}) {
    write("llm: {engine: openai_compatible, model: mock, base_url: '" + mock.base_url() + "'}\n" +
          std::string{guardrails});
  }

  void write(std::string_view text) const { folder_.file("config.yml", text); }
  std::string path() const { return folder_.path("config.yml"); }

private:
  test::scratch_folder folder_;
};

std::vector<std::string> members_of_generation() {
  std::vector<std::string> names;
  boost::mp11::mp_for_each<boost::describe::describe_members<generation, boost::describe::mod_public>>(
    [&](auto member) { names.emplace_back(member.name); });
  return names;
}

} // namespace

TEST("chat prints a generation with every field of the specification") {
  mock_llm_process mock;
  const config_file config{mock};
  const auto result = run({"chat", "--config", config.path(), "--message", "What is AI?", "--json"});
  CHECK_EQ(result.code, 0);
  const auto lines = result.lines();
  REQUIRE(lines.size() == 1u);
  for (const auto& name :
       {"user_input", "messages", "input_check", "output_check", "llm_response", "final_response", "blocked",
        "block_reason", "token_budget_input_check", "token_budget_output_check", "pii_input_check",
        "pii_output_check", "error", "usage", "timings", "request_id", "config_version", "model"})
    CHECK(lines[0].contains(name));
  CHECK_EQ(lines[0].size(), members_of_generation().size());
  CHECK(lines[0].at("blocked") == false);
  CHECK(lines[0].at("block_reason").is_null());
  CHECK(lines[0].at("final_response") == "What is AI?");
  CHECK(lines[0].at("timings").as_object().contains("total"));
}

TEST("a blocked message is reported, exits with 1 and leaves the model alone") {
  mock_llm_process mock;
  const config_file config{mock};
  const auto result =
    run({"chat", "--config", config.path(), "--message", "card 4111 1111 1111 1111", "--json"});
  CHECK_EQ(result.code, 1);
  const auto lines = result.lines();
  REQUIRE(lines.size() == 1u);
  CHECK(lines[0].at("blocked") == true);
  CHECK(lines[0].at("block_reason") == "input");
  CHECK(lines[0].at("llm_response").is_null());
  CHECK_EQ(mock.stats().requests, 0);
}

TEST("several messages run at once and are printed in order") {
  mock_llm_process mock;
  const config_file config{mock, "guardrails: {block_list: {words: [nightfall]}}\n"};
  const auto result = run({"chat", "-c", config.path(), "-m", "one", "-m", "nightfall", "-m", "three"});
  CHECK_EQ(result.code, 1);
  const auto one = result.output.find("answered: one");
  const auto two = result.output.find("blocked (input): Blocked term detected. Please rephrase your input.");
  const auto three = result.output.find("answered: three");
  CHECK(one != std::string::npos && two != std::string::npos && three != std::string::npos);
  CHECK(one < two && two < three);
  CHECK(result.output.find("timings: queue ") != std::string::npos);
}

TEST("a session's token budget ends a conversation, and the report says what it used") {
  mock_llm_process mock;
  const config_file config{
    mock, "guardrails: {token_budget: {enabled: true, max_run_tokens: 60, reserved_output_tokens: 5}}\n"};
  const auto result = run({"chat", "-c", config.path(), "--json"}, "one\ntwo\nthree\nfour\n");
  CHECK_EQ(result.code, 1);
  const auto lines = result.lines();
  REQUIRE(lines.size() == 4u);
  CHECK(lines[0].at("blocked") == false);
  CHECK(lines[0].at("token_budget_input_check").at("passed") == true);
  CHECK(lines[0].at("token_budget_input_check").at("run_used_tokens") == 0);
  CHECK(lines[1].at("token_budget_input_check").at("run_used_tokens") ==
        lines[0].at("usage").at("total_tokens"));
  CHECK(lines[3].at("block_reason") == "token_budget_input");
  CHECK(lines[3].at("final_response") == "Token budget exceeded. Please rephrase your input.");
  CHECK(lines[3].at("token_budget_input_check").at("passed") == false);
  CHECK(lines[3].at("token_budget_output_check").is_null());
  CHECK(mock.stats().requests < 4);
  const auto alone =
    run({"chat", "-c", config.path(), "-m", "one", "-m", "two", "-m", "three", "-m", "four"});
  CHECK_EQ(alone.code, 0); // without a session each is a run of its own
}

TEST("a conversation on standard input keeps its history") {
  mock_llm_process mock;
  const config_file config{mock};
  const auto result = run({"chat", "-c", config.path(), "--system", "Be brief.", "--json"},
                          "first\nmail me at a@example.com\n\nsecond\n");
  CHECK_EQ(result.code, 1);
  const auto lines = result.lines();
  REQUIRE(lines.size() == 3u);
  CHECK(lines[1].at("blocked") == true);
  // system, first, its answer, second: the blocked turn is not part of it
  CHECK_EQ(lines[2].at("messages").as_array().size(), 4u);
  CHECK(lines[2].at("final_response") == "second");
}

TEST("what a model says cannot drive the terminal") {
  mock_llm_process mock{{"--answer", "\x1b]0;title\x07hi\xc2\x9b"}};
  const config_file config{mock};
  const auto result = run({"chat", "-c", config.path(), "-m", "hello"});
  CHECK(result.output.find("answered: \\x1b]0;title\\x07hi\\xc2\\x9b\n") != std::string::npos);
}

TEST("a model that is not there is a runtime failure") {
  std::string gone;
  {
    mock_llm_process mock;
    gone = mock.base_url();
  }
  mock_llm_process other;
  const config_file config{other};
  config.write("llm: {engine: openai_compatible, model: m, retries: {max: 0}, base_url: '" + gone + "'}\n");
  const auto result = run({"chat", "-c", config.path(), "-m", "hi", "--json"});
  CHECK_EQ(result.code, 3);
  const auto lines = result.lines();
  REQUIRE(lines.size() == 1u);
  CHECK(lines[0].at("block_reason") == "llm_error");
  CHECK(lines[0].at("error").at("kind") == "connect_failed");
}

TEST("configurations that cannot be used exit with 2, and each of the bad ones says where") {
  CHECK_EQ(run({"chat", "-c", "/nonexistent.yml", "-m", "hi"}).code, 2);
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{GUARDRAILS_SOURCE_DIR "/tests/configs/bad"}) {
    if (entry.path().extension() != ".yml")
      continue;
    ++count;
    CHECK_EQ(run({"config", "validate", entry.path().string()}).code, 2);
  }
  CHECK(count >= 25);
}

TEST("the ready-made configurations are valid") {
  setenv("OPENAI_API_KEY", "sk-test", 1);
  for (const auto* name : {"openai", "openai_compatible", "echo", "no_llm", "demo"}) {
    const auto result =
      run({"config", "validate", GUARDRAILS_SOURCE_DIR "/config/" + std::string{name} + ".yml"});
    CHECK_EQ(result.code, 0);
    CHECK(result.output.find("checks off: ") != std::string::npos);
  }
  const auto shown = run({"config", "show", GUARDRAILS_SOURCE_DIR "/config/openai.yml"});
  CHECK(shown.output.find("sk-test") == std::string::npos);
  CHECK(shown.output.find("***") != std::string::npos);
}

TEST("wrong usage exits with 2, help and version with 0") {
  CHECK_EQ(run({}).code, 2);
  CHECK_EQ(run({"no-such-command"}).code, 2);
  CHECK_EQ(run({"chat"}).code, 2);
  CHECK_EQ(run({"--help"}).code, 0);
  CHECK_EQ(run({"--version"}).code, 0);
  for (const auto* command : {"check", "chat", "config", "mock-llm"})
    CHECK_EQ(run({command, "--help"}).code, 0);
}

TEST("check --json gives the report of personal data as specified") {
  const mock_llm_process mock;
  const config_file config{mock,
                           "guardrails:\n"
                           "  check_sensitive_data: false\n"
                           "  pii:\n"
                           "    enabled: true\n"
                           "    mask_format: <ENTITY_TYPE_N>\n"
                           "    entity_policies: {CREDIT_CARD: {action: block}}\n"
                           "    custom_entities: {EMPLOYEE_ID: {patterns: ['EMP-\\d+'], score: 0.8}}\n"};
  const std::string text = "EMP-17 is a@example.com, card 4111 1111 1111 1111";
  const auto result = run({"check", "--json", "--config", config.path(), "--input", text});
  CHECK_EQ(result.code, 1);
  const auto lines = result.lines();
  REQUIRE(lines.size() == 1u);
  const auto& report = lines[0];
  CHECK(report.at("passed") == false);
  CHECK(report.at("message") == "PII policy violation detected. Please rephrase your input.");
  CHECK(report.at("sensitive_data").is_null());
  CHECK(report.at("pii") == (json::object{{"passed", false}, {"message", "PII policy violation detected."}}));
  const auto& findings = report.at("findings").as_array();
  REQUIRE(findings.size() == 3u);
  const auto found = [&](std::size_t i) {
    const auto& f = findings[i];
    return json::serialize(json::array{f.at("entity"), f.at("action"), f.at("score"), f.at("span"),
                                       f.at("replacement"), f.at("why").at("checksum")});
  };
  CHECK_EQ(found(0), R"(["EMPLOYEE_ID","flag",8E-1,[0,6],"<EMPLOYEE_ID_1>",""])");
  CHECK_EQ(found(1), R"(["EMAIL_ADDRESS","flag",1E0,[10,23],"<EMAIL_ADDRESS_1>",""])");
  CHECK_EQ(found(2), R"(["CREDIT_CARD","block",1E0,[30,49],"<CREDIT_CARD_1>","luhn"])");
  CHECK(findings[2].at("check") == "pii");
  CHECK(findings[2].at("threshold") == 0.5);
}

TEST("chat restores what was masked, in every turn of a conversation, and the report does not") {
  mock_llm_process mock;
  const config_file config{mock, "guardrails: {pii: {enabled: true, reversible: true}}\n"};
  const auto result = run({"chat", "-c", config.path(), "--json"},
                          "I am a@example.com\nand b@example.com, not a@example.com\n");
  CHECK_EQ(result.code, 0);
  const auto lines = result.lines();
  REQUIRE(lines.size() == 2u);
  CHECK(lines[0].at("final_response") == "I am a@example.com");
  CHECK(lines[0].at("llm_response") == "I am <EMAIL_ADDRESS_1>");
  CHECK(lines[1].at("final_response") == "and b@example.com, not a@example.com");
  CHECK(lines[1].at("llm_response") == "and <EMAIL_ADDRESS_2>, not <EMAIL_ADDRESS_1>");
  const auto& findings = lines[1].at("input_check").at("findings").as_array();
  REQUIRE(findings.size() == 2u);
  CHECK(findings[0].at("replacement") == "<EMAIL_ADDRESS_2>");
  CHECK(findings[1].at("replacement") == "<EMAIL_ADDRESS_1>");
  for (const auto& line : lines)
    CHECK(!line.contains("masked"));
}

TEST("check judges one text and a stream of them") {
  CHECK_EQ(run({"check", "--input", "hello"}).code, 0);
  CHECK_EQ(run({"check", "--input", "card 4111 1111 1111 1111"}).code, 1);
  const auto batch =
    run({"check", "--jsonl"}, "{\"text\":\"a@example.com\",\"id\":1}\nnot json\n{\"text\":\"hi\"}\n");
  CHECK_EQ(batch.code, 1);
  const auto lines = batch.lines();
  REQUIRE(lines.size() == 3u);
  CHECK(lines[0].at("report").at("findings").at(0).at("entity") == "EMAIL_ADDRESS");
  CHECK(lines[1].contains("error"));
  CHECK(lines[1].at("line") == 2);
  CHECK(lines[2].at("report").at("passed") == true);
}
