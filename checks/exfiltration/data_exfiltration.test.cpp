// Data exfiltration: points, thresholds, what is masked, direction, and the abnormal patterns.
#include "checks/exfiltration/abnormal_patterns.hpp"
#include "checks/registry.hpp"
#include "tests/check_support.hpp"

#include <guardrails/guardrail_system.hpp>

#include <array>
#include <random>

#define CAF_SUITE data_exfiltration
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

const std::string alnum = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string random_text(std::size_t length, const std::string& alphabet = alnum) {
  std::mt19937 random{1};
  std::string text;
  while (text.size() < length)
    text += alphabet[random() % alphabet.size()];
  return text;
}

std::string repeated(const std::string& unit, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i)
    text += unit;
  return text;
}

std::string token() {
  return "ghp_" + random_text(36);
}

rails_config exfiltration_only() {
  auto config = sensitive_only();
  config.guardrails.check_sensitive_data = false;
  config.guardrails.data_exfiltration.enabled = true;
  return config;
}

check_report judged(const std::string& text, const rails_config& config = exfiltration_only(),
                    direction dir = direction::output) {
  return compile_rail(config, dir).judge(text, no_time).report;
}

std::string said(const check_report& report) {
  return report.exfiltration ? report.exfiltration->message : "nothing";
}

std::string masked(const std::string& text, const rails_config& config = exfiltration_only()) {
  return apply_replacements(text, 0, judged(text, config).findings);
}

std::string names(const std::string& text) {
  std::string all;
  for (const auto& p : exfiltration::find_abnormal_patterns(text, {}))
    all.append(all.empty() ? "" : " ").append(p.name);
  return all;
}

const std::string five_addresses = "a@bc.de b@bc.de c@bc.de d@bc.de e@bc.de";

} // namespace

TEST("an answer that gives nothing away passes") {
  const auto report = judged("Machine learning finds patterns in data.");
  CHECK(report.passed);
  CHECK(report.exfiltration->passed);
  CHECK_EQ(said(report), "Risk score 0.");
  CHECK(report.findings.empty());
}

TEST("each kind of secret weighs 80 and blocks") {
  const auto report = judged("Sure: " + token() + " and again " + token());
  CHECK(!report.passed);
  CHECK_EQ(said(report), "Risk score 80: GITHUB_TOKEN.");
  CHECK_EQ(report.message, "Data exfiltration detected. LLM response has been blocked.");
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].action == finding_action::block);
  CHECK_EQ(report.findings[0].check, "data_exfiltration");
  CHECK_EQ(said(judged(token() + " glpat-" + random_text(20))),
           "Risk score 160: GITHUB_TOKEN, GITLAB_TOKEN.");
}

TEST("sensitive data in bulk weighs 60 and is masked") {
  CHECK_EQ(said(judged(five_addresses)), "Risk score 60: bulk_sensitive.");
  CHECK(judged(five_addresses).passed);
  CHECK_EQ(masked(five_addresses), "[REDACTED] [REDACTED] [REDACTED] [REDACTED] [REDACTED]");
  CHECK_EQ(said(judged("a@bc.de b@bc.de c@bc.de d@bc.de")), "Risk score 0.");
}

TEST("thresholds, detectors, the bulk and the mask can be set") {
  auto config = exfiltration_only();
  auto& chosen = config.guardrails.data_exfiltration;
  chosen.action_thresholds = {20, 100};
  chosen.mask_token = "***";
  CHECK_EQ(masked("it is " + token(), config), "it is ***");
  chosen.action_thresholds = {61, 100};
  CHECK_EQ(masked(five_addresses, config), five_addresses);
  CHECK(judged(five_addresses, config).findings.at(0).action == finding_action::pass);
  chosen.bulk_sensitive.threshold = 6;
  CHECK_EQ(said(judged(five_addresses, config)), "Risk score 0.");
  chosen.detectors = {false, false, false};
  CHECK_EQ(said(judged(token() + random_text(1'000), config)), "Risk score 0.");
}

TEST("bulk and abnormal patterns together block") {
  const auto rows = repeated("Anna,30,Berlin\n", 12) + five_addresses;
  CHECK_EQ(said(judged(rows)), "Risk score 80: bulk_sensitive, csv.");
  CHECK(!judged(rows).passed);
}

TEST("it runs on answers only, and off by default") {
  CHECK_EQ(said(judged(token(), exfiltration_only(), direction::input)), "nothing");
  CHECK_EQ(said(judged(token(), exfiltration_only(), direction::text)), "nothing");
  CHECK_EQ(said(judged(token(), {})), "nothing");
  const guardrail_system system{exfiltration_only()};
  CHECK(system.check_input(token()).passed);
  CHECK(!system.check_output(token()).passed);
  const auto rail = compile_rail(exfiltration_only(), direction::input);
  CHECK(rail.empty());
  CHECK(rail.masking().empty());
  CHECK(rail.find_masks(five_addresses).empty());
  CHECK(rail.judge("\xff", no_time).report.errors.empty());
  CHECK(!rail.facing(direction::output).empty());
  auto off = exfiltration_only();
  off.guardrails.data_exfiltration.output_checks = false;
  CHECK_EQ(said(judged(token(), off)), "nothing");
}

TEST("what is masked does not depend on the other check, which keeps its own verdict") {
  auto config = exfiltration_only();
  config.guardrails.check_sensitive_data = true;
  config.guardrails.block_sensitive_data = false;
  const auto report = judged(five_addresses, config);
  CHECK(report.passed);
  CHECK_EQ(report.findings.size(), 10u);
  CHECK_EQ(report.sensitive_data->predicted_labels.size(), 1u);
}

TEST("dumps, blocks and random text are abnormal") {
  CHECK_EQ(names(repeated("a;b;c\n", 10)), "csv");
  CHECK_EQ(names(repeated("a\tb\tc\n", 10)), "csv");
  CHECK_EQ(names(repeated("| a | b |\n", 10)), "table");
  CHECK_EQ(names("Here: [" + repeated("{\"id\": 1, \"n\": 2},", 20) + "]"), "json");
  CHECK_EQ(names("{" + repeated("\"id\": [1], ", 40)), "json");
  CHECK_EQ(names("x " + random_text(400, alnum + "+/")), "base64");
  CHECK_EQ(names(repeated(random_text(64, alnum) + "\n", 7)), "base64");
  std::string printable;
  for (char c = '!'; c <= '~'; ++c)
    printable += c;
  CHECK_EQ(names("x " + random_text(120, printable)), "high_entropy");
  CHECK_EQ(names(repeated("word ", 4'000)), "very_long");
}

TEST("every place of an abnormal kind is masked, and its points count once") {
  const auto lines = [](const std::string& separator, std::size_t count) {
    return repeated("1" + separator + "2" + separator + "3\n", count);
  };
  const auto object = "{" + repeated("\"id\": 1, ", 40) + "}";
  std::string printable;
  for (char c = '!'; c <= '~'; ++c)
    printable += c;
  for (const auto& [name, decoy, rest] : std::vector<std::array<std::string, 3>>{
         {"base64", random_text(400), random_text(4'000, alnum + "+/")},
         {"csv", lines(",", 10), lines(",", 60)},
         {"csv", lines(",", 10), lines(";", 60)},
         {"table", lines("|", 10), lines("|", 60)},
         {"json", object, object},
         {"high_entropy", random_text(100, printable), random_text(600, printable)},
         {"base64, high_entropy", random_text(400), "a " + random_text(120, printable)}}) {
    const auto text = decoy + "\n.\n" + rest + "\n.\n";
    CHECK_EQ(said(judged(text)),
             "Risk score " + std::string{name.size() > 12 ? "40" : "20"} + ": " + name + ".");
    const auto left = masked(text);
    CHECK(left.size() < 40);
    CHECK(left.find('3') == std::string::npos);
  }
}

TEST("past a thousand places the rest of the answer is one") {
  const auto text = repeated(repeated("a,b,c\n", 10) + ".\n", exfiltration::most_places + 50);
  const auto places = exfiltration::find_abnormal_patterns(text, {}).at(1).places;
  REQUIRE(places.size() == exfiltration::most_places + 1);
  CHECK(places.back().begin < text.size() - 40 * 62);
  CHECK_EQ(places.back().end, text.size());
}

TEST("a very long answer is flagged, not masked") {
  const auto text = repeated("word ", 4'000);
  const auto report = judged(text);
  CHECK_EQ(said(report), "Risk score 20: very_long.");
  CHECK(report.passed);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].action == finding_action::flag);
  CHECK_EQ(masked(text), text);
}

TEST("ordinary answers are not abnormal") {
  CHECK_EQ(
    names("First, second, third.\nThen, maybe, another.\n" + repeated("Short line, with comma.\n", 20)), "");
  CHECK_EQ(names(repeated("a;b;c\n", 9)), "");
  CHECK_EQ(names("{\"id\": 1, \"name\": \"x\"}"), "");
  CHECK_EQ(names(repeated("a", 1'000)), "");
  CHECK_EQ(names("https://example.org/" + random_text(120)), "");
  CHECK_EQ(names("]]}}\":\":" + repeated("([{<", 50)), "");
  CHECK_EQ(names(""), "");
}
