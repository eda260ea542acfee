// The sensitive data check against tables of texts per entity, its scores, spans and labels.
#include "checks/registry.hpp"
#include "tests/check_support.hpp"

#include <guardrails/errors.hpp>

#include <iostream>

#define CAF_SUITE sensitive_data
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

std::string unescaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('\\', at)) != std::string::npos; ++at)
    if (at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 't'))
      text.replace(at, 2, text[at + 1] == 'n' ? "\n" : "\t");
  return text;
}

std::string expected(const std::vector<std::string>& row) {
  std::string out;
  for (std::size_t i = 1; i < row.size(); ++i) {
    const auto colon = row[i].find(':');
    out.append(out.empty() ? "" : "; ").append(row[i], 0, colon).append("[");
    out.append(row[i], colon + 1).append("]");
  }
  return out;
}

// The rows of a table whose findings are not as expected, alone and between other people's words.
std::string wrong_rows(const std::string& table, std::size_t least_rows) {
  const auto rail = compile_rail(sensitive_only(), direction::text);
  const auto rows = read_table(table);
  std::string wrong = rows.size() < least_rows ? "too few rows in " + table : "";
  for (const auto& row : rows) {
    for (const std::string around : {"", "Lorem ipsum 😀\n", "他说：\n"}) {
      const auto text = around + unescaped(row[0]) + (around.empty() ? "" : "\n" + around);
      const auto found = shown(rail.judge(text, no_time).report, text);
      if (found != expected(row))
        wrong.append("\n").append(text).append(" -> ").append(found);
    }
  }
  std::cerr << wrong; // CAF's tests do not print the values they compare
  return wrong;
}

finding only_finding(std::string_view text) {
  const auto report = judge(sensitive_only(), text);
  return report.findings.size() == 1 ? report.findings[0] : finding{};
}

} // namespace

TEST("e-mail addresses are found, and nothing that resembles them") {
  CHECK_EQ(wrong_rows("email.tsv", 50), "");
}
TEST("phone numbers are found, and nothing that resembles them") {
  CHECK_EQ(wrong_rows("phone.tsv", 50), "");
}
TEST("card numbers are found, and nothing that resembles them") {
  CHECK_EQ(wrong_rows("credit_card.tsv", 50), "");
}
TEST("social security numbers are found, and nothing like them") {
  CHECK_EQ(wrong_rows("ssn.tsv", 50), "");
}
TEST("IP addresses are found, and nothing that resembles them") {
  CHECK_EQ(wrong_rows("ip_address.tsv", 50), "");
}
TEST("IBANs are found, and nothing that resembles them") {
  CHECK_EQ(wrong_rows("iban.tsv", 40), "");
}

TEST("scores follow pattern, checksum and context") {
  CHECK_EQ(only_finding("a@bc.de").score, 1.0);
  CHECK_EQ(only_finding("10.0.0.1").score, 0.6);
  CHECK_EQ(only_finding("536-90-4399").score, 0.5);
  CHECK_EQ(only_finding("my ssn: 536-90-4399").score, 0.85);
  CHECK_EQ(only_finding("(415) 555-2671").score, 0.75);
  CHECK_EQ(only_finding("phone (415) 555-2671").score, 1.0);
  CHECK_EQ(only_finding("call or phone them 4155552671").score, 0.85);
  CHECK_EQ(only_finding("phone of ours is 4155552671").score, 0.75);
  const auto card = only_finding("4111 1111 1111 1111");
  CHECK_EQ(card.score, 1.0);
  CHECK_EQ(card.why.checksum, "luhn");
  CHECK_EQ(card.why.pattern, "card_number");
  CHECK_EQ(*card.entity, "CREDIT_CARD");
  CHECK_EQ(card.threshold, 0.5);
  CHECK(card.action == finding_action::block);
  CHECK(only_finding("phone 4155552671").why.context == std::vector<std::string>{"phone"});
}

TEST("context words count within five words before") {
  CHECK_EQ(shown(judge(sensitive_only(), "phone a b c d 4155552671"), "phone a b c d 4155552671"),
           "Phone[4155552671]");
  CHECK(judge(sensitive_only(), "phone a b c d e 4155552671").findings.empty());
  CHECK(judge(sensitive_only(), "4155552671 phone").findings.empty());
}

TEST("labels are unique and in a fixed order, or say that there is nothing") {
  const auto report = judge(sensitive_only(), "10.0.0.1 536-90-4399 a@bc.de 10.0.0.2");
  const std::vector<std::string> labels{"Email", "SSN", "IPAddress"};
  CHECK(report.sensitive_data->predicted_labels == labels);
  CHECK(!report.passed);
  const auto clean = judge(sensitive_only(), "hello");
  CHECK(clean.sensitive_data->predicted_labels == std::vector<std::string>{"No sensitive data detected"});
  CHECK(clean.passed);
}

TEST("with block_sensitive_data off the text passes and the findings are flags") {
  rails_config config;
  config.guardrails.block_sensitive_data = false;
  const auto report = judge(config, "a@bc.de");
  CHECK(report.passed);
  CHECK(report.findings.at(0).action == finding_action::flag);
  CHECK_EQ(report.message, "All checks passed");
}

TEST("entities restrict by entity or label, unknown ones are refused") {
  const std::vector<std::string> chosen{"US_SSN", "Email"};
  const std::string text = "10.0.0.1 536-90-4399 a@bc.de";
  const auto report = compile_rail({}, direction::text, {}, chosen).judge(text, no_time).report;
  CHECK_EQ(shown(report, text), "SSN[536-90-4399]; Email[a@bc.de]");
  bool refused = false;
  try {
    const std::vector<std::string> unknown{"NOPE"};
    compile_rail({}, direction::text, {}, unknown);
  } catch (const config_error&) {
    refused = true;
  }
  CHECK(refused);
}

TEST("NUL bytes are characters like others") {
  const std::string text{"\0a@bc.de\0"
                         "10.0.0.1\0",
                         19};
  CHECK_EQ(shown(judge(sensitive_only(), text), text), "Email[a@bc.de]; IPAddress[10.0.0.1]");
}

TEST("a finding at the end of ten megabytes has its exact place") {
  std::string text;
  while (text.size() < 10'000'000)
    text += "The quick brown fox, 12 of 34, jumps. Ganz schön weit, 早く！ ";
  const auto begin = text.size();
  text += "a@bc.de";
  const auto report = judge(sensitive_only(), text);
  CHECK_EQ(report.findings.size(), 1u);
  CHECK_EQ(report.findings.at(0).span.begin, begin);
  CHECK_EQ(report.findings.at(0).span.end, text.size());
}

TEST("past ten thousand findings of an entity the rest of the text is one, and the other entities are still "
     "found") {
  std::string text;
  for (int i = 0; i < 12'000; ++i)
    text += "a@bc.de ";
  const auto clean_from = text.size();
  text += "10.0.0.1";
  const auto report = judge(sensitive_only(), text);
  CHECK_EQ(report.findings.size(), 10'002u);
  const auto& rest = report.findings.back();
  CHECK_EQ(rest.entity, "IP_ADDRESS");
  CHECK_EQ(rest.span.begin, clean_from);
  const auto& mails = report.findings.at(10'000);
  CHECK_EQ(mails.entity, "EMAIL_ADDRESS");
  CHECK_EQ(mails.span.begin, 80'000u);
  CHECK_EQ(mails.span.end, text.size());
  CHECK_EQ(report.sensitive_data.value().predicted_labels.size(), 2u);
}
