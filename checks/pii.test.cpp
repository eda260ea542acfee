// The check of personal data: every entity, scores, policies and what users define themselves.
#include "checks/recognisers/entity_search.hpp"
#include "tests/pii_support.hpp"

#include <guardrails/pii.hpp>

#include <iostream>
#include <set>

#define CAF_SUITE pii
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

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

TEST("health data can be left out") {
  auto config = pii_only();
  CHECK_EQ(entities_in(config, "MRN: 00482913"), "PHI_MRN[00482913]");
  config.guardrails.pii.enable_phi_detection = false;
  CHECK_EQ(entities_in(config, "MRN: 00482913"), "");
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

TEST("a flood of an own entity's matches that are none hides none that is one") {
  const auto entities_at_end = [](const custom_entity& entity, const std::string& unit,
                                  std::string_view last) {
    auto config = with_custom(entity);
    config.guardrails.pii.entity_types = {"EMPLOYEE_ID"};
    std::string text;
    for (std::size_t i = 0; i < policy_patterns::most_matches + 10; ++i)
      text += unit;
    text += last;
    const auto findings = judge(config, text).findings;
    return std::ranges::any_of(findings,
                               [&](const finding& f) { return f.replacement && f.span.end == text.size(); });
  };
  CHECK(entities_at_end({{"C[0-9]{8}"}, {}, 0.9, ""}, "C44713987 ", "C44713980"));
  CHECK(entities_at_end({{"[0-9]{8}"}, {}, 0.9, "luhn"}, "44713987 or ", "44713980"));
  CHECK(entities_at_end({{"EMP-[0-9]+"}, {"badge"}, 0.4, ""}, "EMP-4471 ", "badge EMP-4472"));
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
