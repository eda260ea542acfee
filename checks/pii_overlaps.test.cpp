// What becomes of personal data that overlaps, and of floods of it.
#include "checks/recognisers/entity_search.hpp"
#include "tests/pii_support.hpp"

#include <guardrails/pii.hpp>

#define CAF_SUITE pii_overlaps
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

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
