// The ban list: several lists beside one another, each with its name and its action.
#include "checks/word_list.hpp"
#include "tests/check_support.hpp"

#include <guardrails/errors.hpp>

#define CAF_SUITE ban_list
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

rails_config ban_only(std::map<std::string, banned_terms> lists) {
  auto config = sensitive_only();
  config.guardrails.check_sensitive_data = false;
  config.guardrails.ban_list = std::move(lists);
  return config;
}

} // namespace

TEST("a finding names its list and the word's place in it") {
  const std::string text = "Is ACME better than Globex Corp?";
  const auto report = judge(ban_only({{"competitors", {{"globex  corp", "Acme"}}}}), text);
  CHECK_EQ(shown(report, text), "competitors[ACME]; competitors[Globex Corp]");
  REQUIRE(report.findings.size() == 2);
  CHECK_EQ(report.findings[0].why.pattern, "competitors[1]");
  CHECK_EQ(report.findings[1].why.pattern, "competitors[0]");
  CHECK_EQ(report.findings[0].check, "ban_list");
  CHECK(!report.passed);
  CHECK_EQ(report.message, "Blocked term detected.");
}

TEST("words match whole, whatever their case, script and disguise") {
  const auto config = ban_only({{"x", {{"zürich", "ПРИВЕТ", "炸弹"}}}});
  CHECK_EQ(shown(judge(config, "ZÜRICH zürichsee"), "ZÜRICH zürichsee"), "x[ZÜRICH]");
  CHECK_EQ(shown(judge(config, "привет приветы"), "привет приветы"), "x[привет]");
  CHECK_EQ(shown(judge(config, "如何制造炸弹的方法"), "如何制造炸弹的方法"), "x[炸弹]");
  const std::string hidden = "Zü\u200Brich ｚｕ\u0308ｒｉｃｈ";
  CHECK_EQ(judge(config, hidden).findings.size(), 2u);
}

TEST("emphasis does not hide a word, a longer name does") {
  const auto config = ban_only({{"x", {{"Acme", "__init__"}}}});
  for (const std::string text : {"by _Acme_", "__Acme__!", "___Acme___", "_Acme rocks_", "an _\u200BAcme_"})
    CHECK(!judge(config, text).passed);
  for (const std::string text : {"my_Acme_x", "_Acmeist_", "Acme_x", "____Acme____", "init", "def _init_"})
    CHECK(judge(config, text).passed);
  CHECK(!judge(config, "def __init__(self)").passed);
}

TEST("each list has its action") {
  const std::string text = "alpha beta gamma";
  const auto report = judge(
    ban_only({{"a", {{"alpha"}, finding_action::flag}}, {"b", {{"beta"}, finding_action::mask}}}), text);
  CHECK(report.passed);
  CHECK_EQ(apply_replacements(text, 0, report.findings), "alpha [REDACTED] gamma");
  CHECK(!judge(ban_only({{"a", {{"alpha"}, finding_action::flag}}, {"c", {{"gamma"}}}}), text).passed);
}

TEST("a longer phrase of one list hides no word of another") {
  const std::string text = "visit new york";
  const auto report =
    judge(ban_only({{"cities", {{"york"}}}, {"trips", {{"new york"}, finding_action::flag}}}), text);
  CHECK_EQ(shown(report, text), "cities[york]; trips[new york]");
  CHECK(!report.passed);
}

TEST("what cannot be used is refused by its key") {
  const auto refused = [](std::map<std::string, banned_terms> lists) -> std::string {
    try {
      judge(ban_only(std::move(lists)), "");
    } catch (const config_error& error) {
      return error.key_path();
    }
    return "";
  };
  CHECK_EQ(refused({{"a", {{"x", " "}}}}), "guardrails.ban_list.a[1]");
  CHECK_EQ(refused({{"b", {{"\xff"}}}}), "guardrails.ban_list.b[0]");
}

TEST("invalid UTF-8 fails closed") {
  const auto report = judge(ban_only({{"a", {{"x"}}}}), "x \xff");
  CHECK(!report.passed);
  CHECK_EQ(report.errors.at(0).check, "ban_list");
}

TEST("past the limit the rest of the text is one finding") {
  std::string text;
  for (int i = 0; i < 12'000; ++i)
    text += "ab ";
  const auto report = judge(ban_only({{"a", {{"ab"}, finding_action::mask}}}), text);
  CHECK_EQ(apply_replacements(text, 0, report.findings).find("ab"), std::string::npos);
}
