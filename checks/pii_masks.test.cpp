// What the check of personal data masks, and in which form.
#include "checks/pii_mask.hpp"
#include "tests/pii_support.hpp"

#include <guardrails/pii.hpp>

#define CAF_SUITE pii_masks
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

std::string masked_as(const std::string& format, std::string_view text) {
  auto config = pii_only();
  config.guardrails.pii.mask_format = format;
  config.guardrails.pii.mask_key = secret{"a key"};
  return masked(config, text);
}

} // namespace

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

TEST("a partial mask shows no sign that could be a digit") {
  auto config = pii_only();
  config.guardrails.pii.mask_format = "partial";
  const auto left = masked(config, "anna❹❶❶❶@example.org");
  CHECK(left.find("❹") == std::string::npos);
  CHECK(left.find("anna") == std::string::npos);
}

TEST("emphasis and escapes around a value do not take its mask away") {
  auto config = pii_only();
  config.guardrails.pii.entity_types = {"CREDIT_CARD", "IBAN_CODE",   "EMAIL_ADDRESS", "PHONE_NUMBER",
                                        "IP_ADDRESS",  "MAC_ADDRESS", "US_SSN",        "DATE_TIME"};
  const auto checks = compile_rail(config, direction::text);
  for (const std::string value : {"4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "ann.lee@example.org",
                                  "+49 30 901820", "(415) 555-2671", "10.20.30.40", "2001:db8::8a2e:370:7334",
                                  "08:00:27:4e:66:a1", "536-22-8147", "2024-03-14"})
    for (const std::string marks : {"_", "__", "***", "~~", "`", "|", "\\n", "\\t", "\u0332"}) {
      const auto text = "see " + marks + value + marks + " now";
      const auto left = apply_replacements(text, 0, checks.judge(text, no_time).report.findings);
      if (left.find(value) != std::string::npos)
        CHECK_EQ(left, "masked");
    }
}

TEST("a disguise does not take a mask away") {
  CHECK(masked(pii_only(), "my ssn is 078-12-1120\u200b1 ok").find("1120") == std::string::npos);
}

TEST("spans and masks hold in texts with other scripts and disguises") {
  const auto config = pii_only();
  CHECK_EQ(masked(config, "邮箱 a@bc.de，电话"), "邮箱 <EMAIL_ADDRESS>，电话");
  CHECK_EQ(masked(config, "😀10.0.0.1😀"), "😀<IP_ADDRESS>😀");
  CHECK_EQ(masked(config, "card 4111\u200B1111\u200B1111\u200B1111."), "card <CREDIT_CARD>.");
}
