// What the specification says of each deterministic check, asked of the program as `check --json`.
#define CAF_SUITE specified_verdicts
#include "tests/caf_test.hpp"

#include "tests/child_process.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace guardrails;
namespace json = boost::json;

namespace {

/// A section of the configuration, with the learned checks off unless it turns them on.
std::string deterministic(std::string_view section) {
  if (section.find("check_semantic") != section.npos)
    return std::string{section};
  std::string off{"{check_toxicity: false, check_semantic: false"};
  return off.append(section == "{}" ? "" : ", ").append(section.substr(1));
}

/// A member of the report, as a JSON pointer, and its value.
using expectation = std::pair<std::string_view, std::string_view>;

struct statement {
  std::string_view guardrails; ///< section of the configuration
  std::string_view channel;
  std::string text;
  bool passes;
  std::vector<expectation> report;
};

class program {
public:
  /// What does not hold of a statement; empty when all of it does.
  std::string contradiction(const statement& s) const {
    const auto config =
      folder_.file("config.yml", "llm: {engine: echo}\nguardrails: " + deterministic(s.guardrails) + "\n");
    const auto text = folder_.file("text.txt", s.text);
    std::vector<std::string> arguments{"check", "--config", config, "--json"};
    if (s.channel == "file")
      arguments.insert(arguments.end(), {"--file", text});
    else
      arguments.insert(arguments.end(), {"--" + std::string{s.channel}, s.text});
    test::child_process child{GUARDRAILS_BINARY_DIR "/apps/guardrails", std::move(arguments), {}};
    const auto code = child.wait(std::chrono::seconds{60});
    json::error_code error;
    const auto report = json::parse(child.output(), error);
    if (error)
      return "printed no report";
    if (code != (s.passes ? 0 : 1) || report.at("passed") != s.passes)
      return "exit code " + std::to_string(code) + ", " + json::serialize(report.at("message"));
    for (const auto& [pointer, expected] : s.report) {
      const auto* const found = report.find_pointer(pointer, error);
      if (!found || *found != json::parse(expected))
        return std::string{pointer} + " is " + (found ? json::serialize(*found) : "absent");
    }
    return {};
  }

  bool holds(const statement& s) const {
    const auto wrong = contradiction(s);
    if (!wrong.empty())
      std::cerr << s.guardrails << " | " << s.text.substr(0, 60) << ": " << wrong << '\n';
    return wrong.empty();
  }

  bool hold(const std::vector<statement>& statements) const {
    bool all = true;
    for (const auto& s : statements)
      all &= holds(s);
    return all;
  }

private:
  test::scratch_folder folder_;
};

std::string repeated(std::string_view unit, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i)
    text += unit;
  return text;
}

constexpr std::string_view failing_input = R"("Sensitive data detected. Please rephrase your input.")";

} // namespace

TEST("sensitive data: any label fails, unless it is only reported, in texts of any size") {
  const program guardrails;
  std::vector<statement> statements;
  const std::vector<std::pair<std::string_view, std::string_view>> labelled{
    {"write to anna@example.org", R"(["Email"])"},
    {"call me at +1 415 555 2671", R"(["Phone"])"},
    {"card 4111 1111 1111 1111", R"(["CreditCard"])"},
    {"my ssn is 536-90-4399", R"(["SSN"])"},
    {"host 10.20.30.40", R"(["IPAddress"])"},
    {"key AKIAIOSFODNN7EXAMPLQ", R"(["Secret"])"},
    {"iban DE89 3704 0044 0532 0130 00", R"(["IBAN"])"},
    {"my passport number is 912803456", R"(["Passport"])"},
    {"my bank account number is 945456787654", R"(["BankAccount"])"}};
  for (const auto& [text, labels] : labelled)
    statements.push_back({"{}",
                          "input",
                          std::string{text},
                          false,
                          {{"/sensitive_data/predicted_labels", labels}, {"/message", failing_input}}});
  statements.push_back({"{}",
                        "output",
                        "mail anna@example.org, host 10.20.30.40",
                        false,
                        {{"/message", R"("Sensitive data detected. LLM response has been blocked.")"}}});
  statements.push_back(
    {"{}", "text", "mail anna@example.org", false, {{"/message", R"("Sensitive data detected.")"}}});
  statements.push_back({"{block_sensitive_data: false}",
                        "input",
                        "write to anna@example.org",
                        true,
                        {{"/sensitive_data/predicted_labels", R"(["Email"])"},
                         {"/findings/0/action", R"("flag")"},
                         {"/message", R"("All checks passed")"}}});
  statements.push_back({"{}",
                        "input",
                        "What is machine learning?",
                        true,
                        {{"/sensitive_data/predicted_labels", R"(["No sensitive data detected"])"},
                         {"/findings", "[]"},
                         {"/toxicity", "null"}}});
  statements.push_back({"{}",
                        "file",
                        repeated("An ordinary sentence about the weather. ", 26'000) + "anna@example.org",
                        false,
                        {{"/findings/0/span", "[1040000,1040016]"}}});
  CHECK(guardrails.hold(statements));
}

TEST("off-topic: requests beside the allowed topics fail where they block, of inputs alone") {
  const program guardrails;
  const std::string topics =
    "check_off_topic: true, allowed_topics: [{name: banking, description: \"Bank accounts, cards, transfers "
    "and loans\"}]}";
  const auto blocking = "{block_off_topic: true, " + topics;
  const auto reporting = "{" + topics;
  CHECK(guardrails.hold({
    {blocking, "input", "Why was my bank card declined?", true, {{"/off_topic/passed", "true"}}},
    {blocking,
     "input",
     "Write a poem about the autumn leaves",
     false,
     {{"/off_topic/passed", "false"},
      {"/message", R"("Off-topic request detected. Please rephrase your input.")"}}},
    {reporting,
     "input",
     "Write a poem about the autumn leaves",
     true,
     {{"/off_topic/passed", "false"}, {"/findings/0/action", R"("flag")"}}},
    {blocking, "output", "Autumn leaves fall.", true, {{"/off_topic", "null"}}},
  }));
}

TEST("SQL: fenced blocks and statements are parsed for their dialect, errors have a place") {
  const program guardrails;
  std::vector<statement> statements{
    {"{check_sql_syntax: true}",
     "text",
     "Please select a nice place from the list.",
     true,
     {{"/sql/passed", "true"}}},
    {"{check_sql_syntax: true}", "text", "SELECT id FROM users", true, {{"/sql/passed", "true"}}},
    {"{check_sql_syntax: true}",
     "text",
     "SELECT id, FROM users",
     false,
     {{"/sql/message", R"("line 1, column 12: syntax error")"}, {"/message", R"("Invalid SQL detected.")"}}},
    {"{check_sql_syntax: false}", "text", "SELECT id, FROM users", true, {{"/sql", "null"}}}};
  struct dialect {
    std::string_view config;
    std::string_view fence;
    std::string_view valid;
    std::string_view invalid;
    std::string_view message;
  };
  const std::vector<dialect> dialects{
    {"{check_sql_syntax: true}", "sql", "SELECT now()::date", "SELECT id\nFROM users WHERE;",
     R"("line 4, column 17: syntax error")"},
    {"{check_sql_syntax: true, sql_dialect: mysql}", "sql", "SELECT `a` FROM t LIMIT 1, 2;",
     "SELECT `a FROM t;", R"("line 3, column 8: a quoted name does not end")"},
    {"{check_sql_syntax: true, sql_dialect: sqlserver}", "sql", "SELECT TOP 5 [a] FROM t;",
     "SELECT TOP FROM t;", R"("line 3, column 12: something is missing before FROM")"},
    {"{check_sql_syntax: true, sql_dialect: sqlite}", "sql", "INSERT OR REPLACE INTO t VALUES (1);",
     "INSERT OR INTO t VALUES (1);", R"("line 3, column 11: syntax error")"},
    {"{check_sql_syntax: true, sql_dialect: oracle}", "sql", "SELECT sysdate FROM dual;",
     "SELECT a FROM dual WHERE;", R"("line 3, column 25: the statement ends where something must follow")"},
    {"{check_sql_syntax: true, sql_dialect: redshift}", "sql", "SELECT a FROM t LIMIT 1;",
     "SELECT a FROM FROM t;", R"("line 3, column 15: syntax error")"},
    {"{check_sql_syntax: true, sql_dialect: mongodb}", "mongodb", R"(db.users.find({"age": {"$gt": 5}}))",
     R"(db.users.find({"age": 5})", R"("line 3, column 14: a bracket is not closed")"}};
  for (const auto& d : dialects) {
    const auto fenced = [&](std::string_view code) {
      return std::string{"Here:\n```"}.append(d.fence).append("\n").append(code).append("\n```\n");
    };
    statements.push_back({d.config, "output", fenced(d.valid), true, {{"/sql/passed", "true"}}});
    statements.push_back({d.config,
                          "output",
                          fenced(d.invalid),
                          false,
                          {{"/sql/passed", "false"}, {"/sql/message", d.message}}});
  }
  CHECK(guardrails.hold(statements));
}

TEST("PII: every entity of the list is found") {
  const program guardrails;
  const std::vector<std::pair<std::string_view, std::string_view>> entities{
    {"My name is Maria Gonzalez and I am new here.", R"("PERSON")"},
    {"She moved to Berlin last year.", R"("LOCATION")"},
    {"Most of them are American citizens.", R"("NRP")"},
    {"write to anna@example.org", R"("EMAIL_ADDRESS")"},
    {"call +1 415 555 2671", R"("PHONE_NUMBER")"},
    {"card 4111 1111 1111 1111", R"("CREDIT_CARD")"},
    {"send it to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", R"("CRYPTO")"},
    {"iban DE89 3704 0044 0532 0130 00", R"("IBAN_CODE")"},
    {"host 10.20.30.40", R"("IP_ADDRESS")"},
    {"mac 00:1B:44:11:3A:B7", R"("MAC_ADDRESS")"},
    {"see https://example.org/a?b=c", R"("URL")"},
    {"born on 1990-05-17", R"("DATE_TIME")"},
    {"DEA number BB1388568", R"("MEDICAL_LICENSE")"},
    {"my ssn is 536-90-4399", R"("US_SSN")"},
    {"my itin is 911-71-1234", R"("US_ITIN")"},
    {"my passport number is 912803456", R"("US_PASSPORT")"},
    {"driver license number H12234567", R"("US_DRIVER_LICENSE")"},
    {"my bank account number is 945456787654", R"("US_BANK_NUMBER")"},
    {"routing number 021000021", R"("ABA_ROUTING_NUMBER")"},
    {"npi 1234567893", R"("US_NPI")"},
    {"mbi 1EG4-TE5-MK73", R"("US_MBI")"},
    {"Patient MRN: 12345678", R"("PHI_MRN")"},
    {"patient id PT-123456", R"("PHI_PATIENT_ID")"}};
  std::vector<statement> statements;
  for (const auto& [text, entity] : entities)
    statements.push_back({"{check_sensitive_data: false, pii: {enabled: true}}",
                          "input",
                          std::string{text},
                          true,
                          {{"/findings/0/entity", entity}, {"/findings/0/action", R"("flag")"}}});
  CHECK(guardrails.hold(statements));
}

TEST("PII: actions, masks, thresholds and scores") {
  const program guardrails;
  const std::string mail = "write to anna@example.org";
  const std::string account = "945456787654";
  CHECK(guardrails.hold({
    {"{pii: {enabled: true}, block_sensitive_data: false}",
     "input",
     mail,
     true,
     {{"/findings/0/action", R"("flag")"}, {"/findings/0/replacement", R"("<EMAIL_ADDRESS>")"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, default_action: review}}",
     "input",
     mail,
     true,
     {{"/findings/0/action", R"("review")"}, {"/findings/0/replacement", R"("<EMAIL_ADDRESS>")"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, default_action: block, default_mask: false}}",
     "input",
     mail,
     false,
     {{"/findings/0/replacement", "null"},
      {"/message", R"("PII policy violation detected. Please rephrase your input.")"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, default_action: pass, default_mask: false}}",
     "input",
     mail,
     true,
     {{"/findings", "[]"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, default_action: pass}}",
     "input",
     mail,
     true,
     {{"/findings/0/replacement", R"("<EMAIL_ADDRESS>")"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, entity_policies: {EMAIL_ADDRESS: {action: block}}}}",
     "input",
     mail,
     false,
     {{"/findings/0/action", R"("block")"}, {"/findings/0/replacement", R"("<EMAIL_ADDRESS>")"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, input_checks: false}}",
     "input",
     mail,
     true,
     {{"/pii", "null"}}},
    // Masked before anything downstream: what the block list would find is not there any more.
    {"{check_sensitive_data: false, pii: {enabled: true}, block_list: {words: [anna]}}",
     "input",
     mail,
     true,
     {}},
    {"{check_sensitive_data: false, pii: {enabled: true}}",
     "input",
     "4111 1111 1111 1111",
     true,
     {{"/findings/0/score", "1.0"}, {"/findings/0/why/checksum", R"("luhn")"}}},
    {"{check_sensitive_data: false, pii: {enabled: true}}",
     "input",
     "4111 1111 1111 1112",
     true,
     {{"/findings", "[]"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, entity_types: [US_BANK_NUMBER]}}",
     "input",
     account,
     true,
     {{"/findings/0/score", "0.05"}, {"/findings/0/threshold", "0.5"}, {"/findings/0/replacement", "null"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, entity_types: [US_BANK_NUMBER], "
     "below_threshold_action: pass}}",
     "input",
     account,
     true,
     {{"/findings", "[]"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, entity_thresholds: {US_BANK_NUMBER: 0.05}, "
     "entity_types: [US_BANK_NUMBER]}}",
     "input",
     account,
     true,
     {{"/findings/0/replacement", R"("<US_BANK_NUMBER>")"}}}, // >= passes the threshold
    {"{check_sensitive_data: false, pii: {enabled: true, entity_types: [US_BANK_NUMBER]}}",
     "input",
     "the bank account in question is " + account,
     true,
     {{"/findings/0/why/context", R"(["account","bank"])"},
      {"/findings/0/replacement", R"("<US_BANK_NUMBER>")"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, entity_types: [US_BANK_NUMBER]}}",
     "input",
     "bank, as we all have known by now " + account, // more than five words before it
     true,
     {{"/findings/0/score", "0.05"}}},
    {"{check_sensitive_data: false, pii: {enabled: true, enable_phi_detection: false}}",
     "input",
     "Patient MRN: 12345678",
     true,
     {{"/findings", "[]"}}},
  }));
}

TEST("token budget: context and what is reserved, then the answer, against both limits") {
  const program guardrails;
  constexpr std::string_view budget =
    "{token_budget: {enabled: true, max_request_tokens: 30, max_run_tokens: 25, reserved_output_tokens: 10}}";
  CHECK(guardrails.hold({
    {budget,
     "input",
     "hello",
     true,
     {{"/token_budget/context_tokens", "8"}, {"/token_budget/passed", "true"}}},
    {budget,
     "input",
     repeated("nine ", 9), // 16 and 10: within the request's limit, over the run's
     false,
     {{"/message", R"("Token budget exceeded. Please rephrase your input.")"}}},
    {"{token_budget: {enabled: true, max_request_tokens: 25, reserved_output_tokens: 10}}",
     "input",
     repeated("nine ", 9),
     false,
     {{"/token_budget/output_tokens", "10"}}},
    {budget, "output", repeated("ten ", 20), true, {{"/token_budget/passed", "true"}}},
    {budget,
     "output",
     repeated("ten ", 40),
     false,
     {{"/message", R"("Token budget exceeded. LLM response has been blocked.")"}}},
    {"{token_budget: {enabled: true, max_request_tokens: 5, block_on_exceeded: false}}",
     "input",
     "hello",
     true,
     {{"/token_budget/passed", "false"}}},
  }));
}

TEST("data exfiltration: risk adds up, in answers only") {
  const program guardrails;
  constexpr std::string_view on = "{check_sensitive_data: false, data_exfiltration: {enabled: true}}";
  const std::string key = "key AKIAIOSFODNN7EXAMPLQ";
  std::string addresses;
  for (const auto* name : {"a1", "b2", "c3", "d4"})
    addresses.append(name).append("@example.org, ");
  std::string table;
  for (int row = 0; row < 12; ++row)
    table += std::to_string(row) + ",name,city\n";
  CHECK(guardrails.hold({
    {on, "output", "All is well.", true, {{"/exfiltration/message", R"("Risk score 0.")"}}},
    {on,
     "output",
     key,
     false,
     {{"/exfiltration/message", R"("Risk score 80: AWS_ACCESS_KEY.")"},
      {"/message", R"("Data exfiltration detected. LLM response has been blocked.")"}}},
    {on, "input", key, true, {{"/exfiltration", "null"}}},
    {"{check_sensitive_data: false, data_exfiltration: {enabled: true, detectors: {secrets: false}}}",
     "output",
     key,
     true,
     {{"/exfiltration/message", R"("Risk score 0.")"}}},
    {"{check_sensitive_data: false, data_exfiltration: {enabled: true, action_thresholds: {block: 100}}}",
     "output",
     key,
     true,
     {{"/findings/0/replacement", R"("[REDACTED]")"}, {"/findings/0/action", R"("mask")"}}},
    {"{check_sensitive_data: false, data_exfiltration: {enabled: true, mask_token: gone, "
     "action_thresholds: {block: 100}}}",
     "output",
     key,
     true,
     {{"/findings/0/replacement", R"("gone")"}}},
    {on, "output", addresses, true, {{"/exfiltration/message", R"("Risk score 0.")"}}},
    {on,
     "output",
     addresses + "e5@example.org",
     true,
     {{"/exfiltration/message", R"("Risk score 60: bulk_sensitive.")"},
      {"/findings/4/replacement", R"("[REDACTED]")"}}},
    {on,
     "output",
     addresses + "e5@example.org\n" + table,
     false,
     {{"/exfiltration/message", R"("Risk score 80: bulk_sensitive, csv.")"}}},
  }));
}

TEST("lists, invisible text, addresses, languages and JSON") {
  const program guardrails;
  CHECK(guardrails.hold({
    {"{block_list: {words: [nightfall]}}",
     "input",
     "at Nightfall",
     false,
     {{"/message", R"("Blocked term detected. Please rephrase your input.")"}}},
    {"{block_list: {patterns: ['night\\w+'], action: mask}}",
     "input",
     "at nightfall",
     true,
     {{"/findings/0/replacement", R"("[REDACTED]")"}}},
    {"{invisible_text: {action: block}}",
     "input",
     "hel\u200blo there",
     false,
     {{"/message", R"("Invisible text detected. Please rephrase your input.")"}}},
    {"{urls: {allow: [example.com]}}",
     "input",
     "see https://example.com/a",
     true,
     {{"/urls/passed", "true"}}},
    {"{check_sensitive_data: false, urls: {allow: [example.com]}}",
     "input",
     "see http://example.com@evil.example/",
     false,
     {{"/message", R"("URL policy violation detected. Please rephrase your input.")"}}},
    {"{urls: {deny: [evil.example]}}",
     "input",
     "see https://evil.example/x",
     false,
     {{"/urls/passed", "false"}}},
    {"{languages: {allow: [en]}}",
     "input",
     "Dies ist ein ganz gewöhnlicher deutscher Satz, den wir hier lesen.",
     false,
     {{"/message", R"("Language not allowed. Please rephrase your input.")"}}},
    {"{ban_list: {competitors: [Acme]}}",
     "input",
     "I like Acme.",
     false,
     {{"/findings/0/label", R"("competitors")"}}},
    {"{output_json: {schema: {type: object, required: [a]}}}",
     "output",
     R"({"b": 1})",
     false,
     {{"/message", R"("Invalid JSON detected. LLM response has been blocked.")"}}},
    {"{output_json: {schema: {type: object, required: [a]}}}",
     "output",
     R"({"a": 1})",
     true,
     {{"/output_json/passed", "true"}}},
  }));
}
