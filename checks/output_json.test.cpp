// JSON answers: places of errors, fences, schemas and actions.
#include "tests/check_support.hpp"

#include <guardrails/errors.hpp>

#define CAF_SUITE output_json
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

const std::string person = R"({"type":"object","required":["name"],"additionalProperties":false,)"
                           R"("properties":{"name":{"type":"string"},"age":{"type":"integer"}}})";

check_report judged(const output_json_config& json, std::string_view text,
                    direction dir = direction::output) {
  auto config = sensitive_only();
  config.guardrails.check_sensitive_data = false;
  config.guardrails.output_json = json;
  return compile_rail(config, dir).judge(text, no_time).report;
}

std::string said(const output_json_config& json, std::string_view text) {
  const auto report = judged(json, text);
  return report.output_json ? report.output_json->message : "off";
}

} // namespace

TEST("an answer that is JSON passes, whatever it holds") {
  for (const auto* text : {"{}", "[1, 2]", "null", " \n{\"a\": \"\\u00e4\"}\n ", "-1.5e3"}) {
    const auto report = judged({}, text);
    CHECK(report.passed && report.findings.empty());
    CHECK(report.output_json && report.output_json->passed && report.output_json->message.empty());
  }
}

TEST("an answer that is no JSON fails at its line and column") {
  const std::string text = "{\n  \"ä\": 1,\n}";
  const auto report = judged({}, text);
  CHECK(!report.passed);
  CHECK_EQ(report.message, "Invalid JSON detected. LLM response has been blocked.");
  REQUIRE(report.findings.size() == 1);
  CHECK(report.output_json->message.starts_with("line 3, column 1: "));
  CHECK_EQ(report.findings[0].label, "InvalidJSON");
  CHECK_EQ(report.findings[0].why.pattern, "json");
  CHECK_EQ(shown(report, text), "InvalidJSON[}]");
}

TEST("what ends too early or is nothing is found as a whole") {
  CHECK_EQ(said({}, "{\"a\": 1"), "line 1, column 1: the text ends within the JSON value");
  CHECK_EQ(shown(judged({}, " {\"a\": 1 "), " {\"a\": 1 "), "InvalidJSON[{\"a\": 1]");
  CHECK(!judged({}, "").passed);
  CHECK(!judged({}, "  ").passed);
  CHECK_EQ(said({}, "{} and more"), "line 1, column 4: text after the JSON value");
  CHECK(!judged({}, "Here you are: {}").passed);
  CHECK(!judged({}, std::string(1'000'000, '[')).passed);
}

TEST("a fenced block passes where it may") {
  const output_json_config fenced{person, true, finding_action::block};
  CHECK(judged(fenced, "```json\n{\"name\": \"x\"}\n```").passed);
  CHECK(judged(fenced, "\n```JSON \r\n{\"name\": \"x\"}\n```\n").passed);
  CHECK(judged(fenced, "```\n{\"name\": \"x\"}\n```").passed);
  CHECK(judged(fenced, "{\"name\": \"x\"}").passed);
  CHECK(!judged(fenced, "```yaml\n{\"name\": \"x\"}\n```").passed);
  CHECK(!judged(fenced, "Sure:\n```json\n{\"name\": \"x\"}\n```").passed);
  CHECK(!judged(fenced, "```").passed);
  CHECK(!judged(fenced, "```json\n```").passed);
  CHECK(!judged({person, false, finding_action::block}, "```json\n{\"name\": \"x\"}\n```").passed);
  CHECK_EQ(said(fenced, "```json\n{\"name\": 1}\n```"),
           "line 2, column 10: the value is integer; expected string");
}

TEST("rules of the schema that are broken are found where they are") {
  const std::string text = "{\n \"age\": \"old\",\n \"more\": [1, 2]\n}";
  const auto report = judged({person, false, finding_action::block}, text);
  CHECK_EQ(report.output_json->message, "line 1, column 1: the value lacks the member `name`; "
                                        "line 2, column 9: the value is string; expected integer; "
                                        "line 3, column 10: the value is not allowed");
  CHECK_EQ(shown(report, text), "InvalidJSON[" + text + "]; InvalidJSON[\"old\"]; InvalidJSON[[1, 2]]");
  CHECK_EQ(report.findings[1].why.pattern, "/properties/age/type");
}

TEST("a report is bounded") {
  std::string text = "[\"a\"";
  for (int i = 0; i < 10'000; ++i)
    text += ",\"a\"";
  CHECK_EQ(
    judged({R"({"items":{"type":"integer"}})", false, finding_action::block}, text + "]").findings.size(),
    20u);
}

TEST("flag lets the answer pass, inputs are not judged") {
  const auto report = judged({"", false, finding_action::flag}, "no JSON");
  CHECK(report.passed && report.findings.size() == 1 && report.output_json->passed);
  CHECK(judged({}, "no JSON", direction::input).passed);
  CHECK(!judged({}, "no JSON", direction::input).output_json);
}

TEST("a schema that cannot be used is a configuration error") {
  const auto refused = [](const std::string& schema) -> std::string {
    try {
      judged({schema, false, finding_action::block}, "{}");
    } catch (const config_error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(refused("{").find("guardrails.output_json.schema: is not JSON") != std::string::npos);
  CHECK(refused(R"({"items":{"type":"text"}})").find("at `/items/type`") != std::string::npos);
}

TEST("invalid UTF-8 fails closed, alternatives that multiply as well") {
  const auto invalid = judged({}, "\"\xff\"");
  CHECK_EQ(invalid.errors.at(0).kind, "invalid_utf8");
  std::string chain;
  for (int i = 0; i < 30; ++i) {
    const auto next = R"({"$ref":"#/$defs/a)" + std::to_string(i + 1) + R"("})";
    chain += "\"a" + std::to_string(i) + R"(":{"anyOf":[)" + next + "," + next + "]},";
  }
  const auto doubling = R"({"propertyNames":{"$ref":"#/$defs/a0"},"$defs":{)" + chain + R"("a30":false}})";
  const auto report = judged({doubling, false, finding_action::flag}, R"({"x":1})");
  CHECK(!report.passed);
  CHECK_EQ(report.errors.at(0).check, "output_json");
}
