// The check of personal data: every entity, scores, policies, masks, overlaps and what users define
// themselves.
#include "checks/pii_mask.hpp"
#include "checks/recognisers/entity_search.hpp"
#include "tests/check_support.hpp"

#include <guardrails/errors.hpp>
#include <guardrails/pii.hpp>

#include <iostream>
#include <set>

#define CAF_SUITE pii
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

/// Personal data alone, with the defaults.
rails_config pii_only() {
  rails_config config;
  config.guardrails.check_toxicity = config.guardrails.check_semantic = false;
  config.guardrails.check_sensitive_data = false;
  config.guardrails.pii.enabled = true;
  return config;
}

rails_config looking_for(const std::string& entity) {
  auto config = pii_only();
  config.guardrails.pii.entity_types = {entity};
  return config;
}

std::string masked(const rails_config& config, std::string_view text) {
  return apply_replacements(text, 0, judge(config, text).findings);
}

std::string masked_as(const std::string& format, std::string_view text) {
  auto config = pii_only();
  config.guardrails.pii.mask_format = format;
  config.guardrails.pii.mask_key = secret{"a key"};
  return masked(config, text);
}

finding only_finding(const rails_config& config, std::string_view text) {
  const auto report = judge(config, text);
  return report.findings.size() == 1 ? report.findings[0] : finding{};
}

/// The findings as `ENTITY[quoted text]`.
std::string entities_in(const rails_config& config, std::string_view text) {
  std::string out;
  for (const auto& f : judge(config, text).findings)
    out.append(out.empty() ? "" : "; ")
      .append(*f.entity)
      .append("[")
      .append(text.substr(f.span.begin, f.span.end - f.span.begin))
      .append("]");
  return out;
}

bool is_refused(const rails_config& config, std::string_view key_path) {
  try {
    compile_rail(config, direction::text);
  } catch (const config_error& error) {
    return error.key_path() == key_path;
  }
  return false;
}

custom_entity employee() {
  return {{"EMP-[0-9]{4,}"}, {"Badge"}, 0.4, ""};
}

rails_config with_custom(const custom_entity& entity) {
  auto config = pii_only();
  config.guardrails.pii.custom_entities["EMPLOYEE_ID"] = entity;
  return config;
}

} // namespace

TEST("every entity is found where it is, and nothing that resembles it") {
  std::map<std::string, rail> rails;
  std::set<std::string> covered;
  std::string wrong;
  for (const auto& row : read_table("pii.tsv")) {
    const auto& entity = row[0];
    auto found = rails.find(entity);
    if (found == rails.end()) {
      auto config = looking_for(entity);
      config.guardrails.pii.default_confidence_threshold = 0;
      found = rails.emplace(entity, compile_rail(config, direction::text)).first;
    }
    std::vector<std::string> expected(row.begin() + 2, row.end());
    if (!expected.empty())
      covered.insert(entity);
    for (const std::string around : {"", "Lorem ipsum 😀\n", "他说：\n"}) {
      const auto text = around + row[1] + (around.empty() ? "" : "\n" + around);
      std::vector<std::string> quoted;
      for (const auto& f : found->second.judge(text, no_time).report.findings)
        quoted.push_back(text.substr(f.span.begin, f.span.end - f.span.begin));
      if (quoted != expected) {
        wrong.append("\n").append(entity).append(": ").append(text).append(" ->");
        for (const auto& q : quoted)
          wrong.append(" [").append(q).append("]");
      }
    }
  }
  std::cerr << wrong;
  CHECK_EQ(wrong, "");
  // What has a table of its own.
  for (const auto* entity : {"EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "US_SSN", "IP_ADDRESS",
                             "IBAN_CODE", "PERSON", "LOCATION", "NRP", "ORGANIZATION"})
    covered.insert(entity);
  for (const auto entity : known_entities())
    if (!covered.contains(std::string{entity}))
      std::cerr << "\nno row finds " << entity;
  CHECK_EQ(covered.size(), known_entities().size());
}

TEST("a checksum proves, a context word lifts, an invalid checksum drops") {
  const auto nhs = looking_for("UK_NHS");
  CHECK_EQ(only_finding(nhs, "141 105 6167").score, 1.0);
  CHECK_EQ(only_finding(nhs, "141 105 6167").why.checksum, "mod11");
  CHECK(judge(nhs, "141 105 6168").findings.empty());
  const auto itin = looking_for("US_ITIN");
  CHECK_EQ(only_finding(itin, "912-70-4471").score, 0.5);
  const auto with_word = only_finding(itin, "my itin: 912-70-4471");
  CHECK_EQ(with_word.score, 0.85);
  CHECK(with_word.why.context == std::vector<std::string>{"itin"});
  // At least 0.4, and for numbers that look like any other at least 0.5.
  CHECK_EQ(only_finding(looking_for("US_BANK_NUMBER"), "account 4417700215").score, 0.5);
}

TEST("context words count up to five words before the hit, whatever their case") {
  const auto itin = looking_for("US_ITIN");
  CHECK_EQ(only_finding(itin, "ITIN a b c d 912-70-4471").score, 0.85);
  CHECK_EQ(only_finding(itin, "ITIN a b c d e 912-70-4471").score, 0.5);
  CHECK_EQ(only_finding(itin, "912-70-4471 is my itin").score, 0.5);
}

TEST("what reaches its threshold is masked, what does not is a flag or nothing") {
  auto config = looking_for("US_ITIN");
  auto& pii = config.guardrails.pii;
  pii.entity_thresholds["US_ITIN"] = 0.5;
  CHECK_EQ(masked(config, "912-70-4471"), "<US_ITIN>");
  pii.entity_thresholds["US_ITIN"] = 0.51;
  const auto below = only_finding(config, "912-70-4471");
  CHECK(below.action == finding_action::flag);
  CHECK(!below.replacement);
  CHECK_EQ(below.threshold, 0.51);
  CHECK_EQ(masked(config, "itin 912-70-4471"), "itin <US_ITIN>");
  pii.below_threshold_action = below_threshold_action::pass;
  CHECK(judge(config, "912-70-4471").findings.empty());
  pii.entity_thresholds.clear();
  pii.default_confidence_threshold = 0.9;
  CHECK(judge(config, "912-70-4471").findings.empty());
}

TEST("policies choose action and mask for one entity, the defaults for the others") {
  auto config = pii_only();
  auto& pii = config.guardrails.pii;
  const std::string text = "a@bc.de from 10.0.0.1";
  CHECK_EQ(masked(config, text), "<EMAIL_ADDRESS> from <IP_ADDRESS>");
  CHECK(judge(config, text).passed);
  pii.entity_policies["EMAIL_ADDRESS"] = {finding_action::block, false};
  const auto report = judge(config, text);
  CHECK(!report.passed);
  CHECK_EQ(report.message, "PII policy violation detected.");
  REQUIRE(report.pii.has_value());
  CHECK(!report.pii->passed);
  CHECK_EQ(report.pii->message, "PII policy violation detected.");
  CHECK_EQ(apply_replacements(text, 0, report.findings), "a@bc.de from <IP_ADDRESS>");
  pii.entity_policies["EMAIL_ADDRESS"] = {finding_action::review, std::nullopt};
  const auto reviewed = judge(config, text);
  CHECK(reviewed.passed);
  CHECK(reviewed.findings[0].action == finding_action::review);
  CHECK(reviewed.pii->passed);
  CHECK_EQ(reviewed.pii->message, "All checks passed");
  pii.entity_policies["EMAIL_ADDRESS"] = {finding_action::pass, false};
  CHECK_EQ(entities_in(config, text), "IP_ADDRESS[10.0.0.1]");
  pii.default_action = finding_action::block;
  CHECK(judge(config, "a@bc.de").passed);
  CHECK(!judge(config, "10.0.0.1").passed);
}

TEST("masking does not depend on the action") {
  auto config = pii_only();
  config.guardrails.pii.default_action = finding_action::pass;
  CHECK_EQ(masked(config, "a@bc.de"), "<EMAIL_ADDRESS>");
  config.guardrails.pii.default_mask = false;
  config.guardrails.pii.default_action = finding_action::flag;
  CHECK_EQ(masked(config, "a@bc.de"), "a@bc.de");
  CHECK_EQ(judge(config, "a@bc.de").findings.size(), 1u);
  CHECK(!compile_rail(config, direction::text).masking().judge("a@bc.de", no_time).report.pii);
}

TEST("masks are written in every format") {
  const std::string text = "card 4111 1111 1111 1111, ip 10.0.0.1 and 10.0.0.2, again 10.0.0.1";
  CHECK_EQ(masked_as("<ENTITY_TYPE>", text),
           "card <CREDIT_CARD>, ip <IP_ADDRESS> and <IP_ADDRESS>, again <IP_ADDRESS>");
  CHECK_EQ(masked_as("<ENTITY_TYPE_N>", text),
           "card <CREDIT_CARD_1>, ip <IP_ADDRESS_1> and <IP_ADDRESS_2>, again <IP_ADDRESS_1>");
  CHECK_EQ(masked_as("[removed: <ENTITY_TYPE>]", "a@bc.de"), "[removed: <EMAIL_ADDRESS>]");
  CHECK_EQ(masked_as("#", "ip 10.0.0.1"), "ip ########");
  CHECK_EQ(masked_as("partial", "card 4111 1111 1111 1111"), "card **** **** **** 1111");
  CHECK_EQ(masked_as("partial", "ip 10.0.0.1"), "ip **.*.*.*");
}

TEST("a keyed hash is the same for the same value and key only") {
  const auto hash = masked_as("hash", "a@bc.de");
  CHECK(hash.starts_with("<EMAIL_ADDRESS:"));
  CHECK_EQ(hash.size(), std::string_view{"<EMAIL_ADDRESS:>"}.size() + 16);
  CHECK_EQ(masked_as("hash", "a@bc.de"), hash);
  CHECK(masked_as("hash", "b@bc.de") != hash);
  mask_numbers numbers;
  CHECK(pii_mask("hash", secret{"another"}).replacement("EMAIL_ADDRESS", "a@bc.de", numbers) != hash);
}

TEST("a mask format that is none is refused, as is a hash without a key") {
  auto config = pii_only();
  for (const auto* format : {"", "x", "12", "masked", "ENTITY_TYPE", " "}) {
    config.guardrails.pii.mask_format = format;
    CHECK(is_refused(config, "guardrails.pii.mask_format"));
  }
  config.guardrails.pii.mask_format = "hash";
  CHECK(is_refused(config, "guardrails.pii.mask_key"));
}

TEST("what can be taken back is masked for good where a text is judged for itself") {
  auto config = pii_only();
  config.guardrails.pii.reversible = true;
  CHECK_EQ(masked(config, "a@bc.de b@bc.de"), "<EMAIL_ADDRESS> <EMAIL_ADDRESS>");
  config.guardrails.pii.mask_format = "<ENTITY_TYPE_N>";
  CHECK_EQ(masked(config, "a@bc.de b@bc.de"), "<EMAIL_ADDRESS> <EMAIL_ADDRESS>");
  for (const auto* format : {"partial", "*", "[<ENTITY_TYPE_N>]", "hash"}) {
    config.guardrails.pii.mask_format = format;
    CHECK(is_refused(config, "guardrails.pii.reversible"));
  }
}

TEST("placeholders are no personal data") {
  auto config = pii_only();
  config.guardrails.pii.entity_types.assign(known_entities().begin(), known_entities().end());
  const rail all = compile_rail(config, direction::output);
  for (const auto entity : known_entities()) {
    std::string name = "<";
    name.append(entity).append("_1>");
    const auto text = "Dear " + name + ", the number of " + name + " is " + name + ".";
    CHECK_EQ(apply_replacements(text, 0, all.judge(text, no_time).report.findings), text);
  }
}

TEST("entities of another language are found when they are named") {
  auto config = pii_only();
  const std::string text = "PESEL 84060408538";
  CHECK_EQ(entities_in(config, text), "");
  config.guardrails.pii.language = "pl";
  CHECK_EQ(entities_in(config, text), "PL_PESEL[84060408538]");
  config.guardrails.pii.language = "en";
  config.guardrails.pii.entity_types = {"PL_PESEL", "EMAIL_ADDRESS"};
  CHECK_EQ(entities_in(config, text), "PL_PESEL[84060408538]");
  CHECK_EQ(entities_in(config, "10.0.0.1"), "");
}

TEST("digits that fit a checksum by chance need a word that names them, unless they are asked for") {
  CHECK_EQ(entities_in(pii_only(), "141 105 6167"), "");
  CHECK_EQ(entities_in(pii_only(), "NHS 141 105 6167"), "ORGANIZATION[NHS]; UK_NHS[141 105 6167]");
  CHECK_EQ(entities_in(looking_for("UK_NHS"), "141 105 6167"), "UK_NHS[141 105 6167]");
  CHECK_EQ(entities_in(pii_only(), "RE 44 71 39 C"), "UK_NINO[RE 44 71 39 C]");
}

TEST("names are found by the tagger, and dates in words beside those in digits") {
  const auto found = [](std::string_view text) { return entities_in(pii_only(), text); };
  CHECK_EQ(found("My name is Anna Schmidt and I live in Berlin."), "PERSON[Anna Schmidt]; LOCATION[Berlin]");
  CHECK_EQ(found("We met on 19 July 2022."), "DATE_TIME[19 July 2022]");
  CHECK_EQ(found("We met on 2022-07-19."), "DATE_TIME[2022-07-19]");
  CHECK_EQ(found("part 5-20-2"), "");
  auto config = pii_only();
  config.guardrails.pii.entity_types = {"PERSON"};
  CHECK_EQ(masked(config, "Ask Anna Schmidt in Berlin."), "Ask <PERSON> in Berlin.");
}

TEST("dates with named months are found without the tagger") {
  const rails_config config;
  auto patterns = std::make_shared<policy_patterns>();
  compile_context context{config, {}, patterns};
  const entity_search search{{date_time_recogniser()}, context};
  patterns->compile();
  const auto all = [](const recogniser&, const entity_hit&) { return hit_weight{standing::acts, 0}; };
  const auto found = [&](std::string_view text) {
    const auto hits = search.find(text, all);
    const auto where = hits.empty() ? match_range{} : hits.front().found.where;
    return hits.size() > 1 ? "several" : std::string{text.substr(where.begin, where.end - where.begin)};
  };
  for (const std::string date :
       {"January 5, 2020", "January 5th, 2020",  "JANUARY 5 2020",       "Jan. 5, 2020",
        "January 5,2020",  "5 January 2020",     "5th of January, 2020", "5 Sep 2020",
        "5. März 2020",    "5 de enero de 2020", "1er janvier 2020",     "5 août 2020",
        "5 maggio 2020",   "5 mei 2020",         "5 de março de 2020",   "5 października 2020",
        "5 maj 2020",      "5. tammikuuta 2020", "5 Ağustos 2020",       "2020年1月5日",
        "2020년 1월 5일"}) {
    CHECK_EQ(found(date), date);
    CHECK_EQ(found("on " + date + ", we"), date);
  }
  for (const auto* none : {"32 January 2020", "January 0, 2020", "xJanuary 5, 2020", "5 January 20201",
                           "5 Januarys 2020", "May 5 people", "2020年13月5日", "5 Marching 2020"})
    CHECK_EQ(found(none), "");
}

TEST("a password in an address is left to who looks for secrets, and masked where nobody does") {
  const std::string text = "use postgres://app:Vq7.x2Lm@db.example.com/main now";
  auto config = pii_only();
  CHECK_EQ(masked(config, text), "use postgres://app:<EMAIL_ADDRESS>/main now");
  config.guardrails.check_sensitive_data = true;
  const auto report = judge(config, text);
  CHECK(!report.passed);
  CHECK_EQ(shown(report, text), "Secret[Vq7.x2Lm]");
  config.guardrails.block_sensitive_data = false; // then nothing holds the password back but the mask
  CHECK_EQ(masked(config, text), "use postgres://app:<EMAIL_ADDRESS>/main now");
  config.guardrails.block_sensitive_data = true;
  CHECK_EQ(shown(judge(config, "https://zoe@example.com/x"), "https://zoe@example.com/x"),
           "URL[https://zoe@example.com/x]; Email[zoe@example.com]");
  const std::string both = "amqp://ann.lee@corp.example:Vq7-x2Lm@mq.example.com";
  CHECK_EQ(shown(judge(config, both), both), "Email[ann.lee@corp.example]; Secret[Vq7-x2Lm]");
}

TEST("health data can be left out") {
  auto config = pii_only();
  CHECK_EQ(entities_in(config, "MRN: 00482913"), "PHI_MRN[00482913]");
  config.guardrails.pii.enable_phi_detection = false;
  CHECK_EQ(entities_in(config, "MRN: 00482913"), "");
}

TEST("of hits that overlap one stays") {
  const auto config = pii_only();
  CHECK_EQ(entities_in(config, "mail anna@shop.example.com now"), "EMAIL_ADDRESS[anna@shop.example.com]");
  CHECK_EQ(entities_in(config, "IBAN DE89 3704 0044 0532 0130 00"), "IBAN_CODE[DE89 3704 0044 0532 0130 00]");
  CHECK_EQ(entities_in(config, "3c:22:fb:90:0a:1e"), "MAC_ADDRESS[3c:22:fb:90:0a:1e]");
}

TEST("a hit below its threshold gives way to one that acts") {
  auto config = pii_only();
  config.guardrails.pii.entity_types = {"URL", "EMAIL_ADDRESS"};
  config.guardrails.pii.entity_thresholds["EMAIL_ADDRESS"] = 1.0;
  config.guardrails.pii.entity_thresholds["URL"] = 0.9;
  CHECK_EQ(masked(config, "anna@example.com, example.com"), "<EMAIL_ADDRESS>, example.com");
}

TEST("what overlaps is masked whole, and the strictest policy holds") {
  auto config = pii_only();
  CHECK_EQ(masked(config, "Ship to Oslo 617-555-0134"), "Ship to <LOCATION>");
  CHECK(masked(config, "from Oslo 536-22-8147 Main Street").find("8147") == std::string::npos);
  CHECK(masked(config, "https://ann:pw@example.com/path/ann").find("path") == std::string::npos);
  config.guardrails.pii.entity_policies["US_SSN"].action = finding_action::block;
  for (const auto* text : {"Customer Berlin 536-22-8147 active", "see example.com/u/536-22-8147"})
    CHECK(!judge(config, text).passed);
  config.guardrails.pii.entity_policies["URL"].mask = false;
  CHECK(masked(config, "https://example.com/078-12-1120/edit").find("1120") == std::string::npos);
}

TEST("no flood hides what comes after it") {
  const auto config = pii_only();
  std::string weak;
  for (int i = 0; i < 10'500; ++i)
    weak += "555-1234 ";
  CHECK(masked(config, weak + "please call +1 212-555-0147 thanks").find("0147") == std::string::npos);
  std::string names;
  for (int i = 0; i < 6'000; ++i)
    names += "Ann Lee met Bob Stone. ";
  const auto left = masked(config, names + "Mary Jones has card 4111 1111 1111 1111 and knows Peter Brown.");
  CHECK(left.find("Mary") == std::string::npos);
  CHECK(left.find("Brown") == std::string::npos);
}

TEST("a flood of names that nobody minds hides none that somebody does") {
  auto config = pii_only();
  config.guardrails.pii.entity_types = {"PERSON", "LOCATION"};
  config.guardrails.pii.entity_policies["PERSON"].action = finding_action::block;
  config.guardrails.pii.entity_policies["LOCATION"] = {finding_action::pass, false};
  std::string text;
  for (int i = 0; i < 10'100; ++i)
    text += "She moved to Berlin last year. ";
  CHECK(compile_rail(config, direction::text).judge(text, no_time).report.passed == false);
  config.guardrails.pii.entity_types.clear();
  config.guardrails.pii.entity_policies.clear();
  std::string moves;
  for (int i = 0; i < 10'400; ++i)
    moves += "Maria Gonzalez moved to Berlin last year. ";
  CHECK(masked(config, moves).find("Gonzalez") == std::string::npos);
}

TEST("a hit that is only reviewed hides none that is masked") {
  auto config = pii_only();
  config.guardrails.pii.custom_entities["TICKET"].patterns = {"TICKET .*END"};
  config.guardrails.pii.custom_entities["TICKET"].score = 1.0;
  config.guardrails.pii.entity_policies["TICKET"] = {finding_action::review, false};
  CHECK_EQ(masked(config, "TICKET from Maria Gonzalez phone +1 415 555 2671 ip 10.20.30.40 END"),
           "TICKET from <PERSON> phone <PHONE_NUMBER> ip <IP_ADDRESS> END");
}

TEST("of two hits of an entity that overlap in part, no byte is left") {
  auto config = pii_only();
  config.guardrails.pii.custom_entities["CASE_ID"].patterns = {R"(SECRET-\d{4})", R"(\d{4}-KEY[a-z]+)"};
  config.guardrails.pii.custom_entities["CASE_ID"].score = 1.0;
  config.guardrails.pii.entity_types = {"CASE_ID", "URL"};
  CHECK_EQ(masked(config, "see SECRET-1234-KEYhidden now"), "see <CASE_ID> now");
  CHECK_EQ(masked(config, "see www.a.com/http://b.com/x now"), "see <URL> now");
}

TEST("a partial mask shows no sign that could be a digit") {
  auto config = pii_only();
  config.guardrails.pii.mask_format = "partial";
  const auto left = masked(config, "anna❹❶❶❶@example.org");
  CHECK(left.find("❹") == std::string::npos);
  CHECK(left.find("anna") == std::string::npos);
}

TEST("a disguise does not take a mask away") {
  CHECK(masked(pii_only(), "my ssn is 078-12-1120\u200b1 ok").find("1120") == std::string::npos);
}

TEST("ordinary words and code are not taken for personal data") {
  for (const auto* text : {"add 200 ml and 500 mg", "got 200 ok, not 404 no", "user.name = obj.id",
                           "request.user.id", "response.data.me", "self.app", "34 ABC 123"}) {
    const auto left = masked(pii_only(), text);
    CHECK_EQ(left, text);
  }
  CHECK_EQ(masked(pii_only(), "see www.user.name or anna.me/x"), "see <URL> or <URL>");
}

TEST("input and output checks can be switched one by one") {
  auto config = pii_only();
  config.guardrails.pii.input_checks = false;
  CHECK(!compile_rail(config, direction::input).judge("a@bc.de", no_time).report.pii);
  CHECK(compile_rail(config, direction::output).judge("a@bc.de", no_time).report.pii);
  config.guardrails.pii.input_checks = true;
  config.guardrails.pii.output_checks = false;
  CHECK(compile_rail(config, direction::input).judge("a@bc.de", no_time).report.pii);
  CHECK(!compile_rail(config, direction::output).judge("a@bc.de", no_time).report.pii);
}

TEST("spans and masks hold in texts with other scripts and disguises") {
  const auto config = pii_only();
  CHECK_EQ(masked(config, "邮箱 a@bc.de，电话"), "邮箱 <EMAIL_ADDRESS>，电话");
  CHECK_EQ(masked(config, "😀10.0.0.1😀"), "😀<IP_ADDRESS>😀");
  CHECK_EQ(masked(config, "card 4111\u200B1111\u200B1111\u200B1111."), "card <CREDIT_CARD>.");
}

TEST("invalid UTF-8 is a failure of the check, which on_error may allow") {
  auto config = pii_only();
  const auto report = judge(config, "a@bc.de \xff");
  CHECK(!report.passed);
  REQUIRE(report.errors.size() == 1);
  CHECK_EQ(report.errors[0].check, "pii");
  CHECK_EQ(report.errors[0].kind, "invalid_utf8");
  config.guardrails.on_error_by_check["pii"] = on_error_action::allow;
  CHECK(judge(config, "a@bc.de \xff").passed);
}

TEST("own entities have patterns, context, a score and a checksum") {
  auto config = with_custom(employee());
  const auto weak = only_finding(config, "EMP-4471");
  CHECK_EQ(*weak.entity, "EMPLOYEE_ID");
  CHECK_EQ(weak.score, 0.4);
  CHECK(!weak.replacement);
  const auto named = only_finding(config, "my badge EMP-4471");
  CHECK_EQ(named.score, 0.75);
  CHECK_EQ(named.replacement.value_or(""), "<EMPLOYEE_ID>");
  CHECK(named.why.context == std::vector<std::string>{"badge"});
  auto checked = employee();
  checked.patterns = {"[0-9]{8}", "C[0-9]{8}"};
  checked.validator = "luhn";
  config = with_custom(checked);
  CHECK_EQ(only_finding(config, "44713987").score, 0.0);
  const auto proven = only_finding(config, "44713980");
  CHECK_EQ(proven.score, 1.0);
  CHECK_EQ(proven.why.checksum, "luhn");
  config.guardrails.pii.entity_policies["EMPLOYEE_ID"] = {finding_action::block, std::nullopt};
  CHECK(!judge(config, "44713980").passed);
}

TEST("own entities may be the only ones looked for, from the configuration and by the caller") {
  auto config = with_custom({{"EMP-[0-9]+"}, {}, 0.9, ""});
  config.guardrails.pii.entity_types = {"EMPLOYEE_ID"};
  CHECK_EQ(entities_in(config, "EMP-1 a@bc.de"), "EMPLOYEE_ID[EMP-1]");
  config.guardrails.pii.entity_types.clear();
  const std::vector<std::string> entities{"EMPLOYEE_ID"};
  const auto r = compile_rail(config, direction::text, {}, entities);
  CHECK_EQ(r.judge("EMP-1 a@bc.de", no_time).report.findings.size(), 1u);
}

TEST("own entities that cannot be compiled are refused by their key") {
  const std::string path = "guardrails.pii.custom_entities.EMPLOYEE_ID";
  CHECK(is_refused(with_custom({{}, {}, 0.5, ""}), path + ".patterns"));
  CHECK(is_refused(with_custom({{"a", "("}, {}, 0.5, ""}), path + ".patterns[1]"));
  CHECK(is_refused(with_custom({{"a"}, {}, 0.5, "lun"}), path + ".validator"));
  auto config = pii_only();
  config.guardrails.pii.entity_types = {"EMAIL_ADRESS"};
  CHECK(is_refused(config, "guardrails.pii.entity_types[0]"));
  config.guardrails.pii.entity_types.clear();
  config.guardrails.pii.entity_thresholds["MOON"] = 0.5;
  CHECK(is_refused(config, "guardrails.pii.entity_thresholds.MOON"));
  config.guardrails.pii.entity_thresholds.clear();
  config.guardrails.pii.entity_policies["MOON"] = {};
  CHECK(is_refused(config, "guardrails.pii.entity_policies.MOON"));
}

TEST("whoever names the check wants it, with its defaults") {
  const std::vector<std::string> only{"pii"};
  const auto report = compile_rail({}, direction::text, only).judge("a@bc.de", no_time).report;
  CHECK(report.pii.has_value());
  CHECK(!report.sensitive_data);
  CHECK(!compile_rail({}, direction::text).judge("a@bc.de", no_time).report.pii);
}

TEST("the report stays bounded, and all of a hostile text is masked") {
  std::string text;
  while (text.size() < 400'000)
    text += "a@bc.de ";
  const auto report = judge(pii_only(), text);
  CHECK(report.findings.size() <= most_hits + known_entities().size());
  CHECK_EQ(apply_replacements(text, 0, report.findings).find("a@bc.de"), std::string::npos);
}

namespace {

/// Takes every `Anna` for a person.
class name_source final : public entity_source {
public:
  std::string_view name() const noexcept override { return "names"; }
  tags find(std::string_view text, const stop_function&) const override {
    tags all;
    for (auto at = text.find("Anna"); at != std::string_view::npos; at = text.find("Anna", at + 4))
      all.found.push_back({"PERSON", {at, at + 4}, 0.7});
    return all;
  }
};

} // namespace

TEST("what a source tags is weighed and settled with what patterns find") {
  const rails_config config;
  auto patterns = std::make_shared<policy_patterns>();
  compile_context context{config, {}, patterns};
  std::vector<recogniser> recognisers{
    email_recogniser(), {.label = "Person", .entity = "PERSON", .forms = {}, .context = {"ms"}}};
  const entity_search search{std::move(recognisers), context, {std::make_shared<const name_source>()}};
  patterns->compile();
  const auto all = [](const recogniser&, const entity_hit&) { return hit_weight{standing::acts, 0}; };
  const auto hits = search.find("Ms Anna wrote from Anna@bc.de", all);
  REQUIRE(hits.size() == 2);
  CHECK_EQ(search.recognisers()[hits[0].recogniser].entity, "PERSON");
  CHECK_EQ(hits[0].found.score, 1.0);
  CHECK_EQ(hits[0].form, "names");
  CHECK_EQ(search.recognisers()[hits[1].recogniser].entity, "EMAIL_ADDRESS");
}
