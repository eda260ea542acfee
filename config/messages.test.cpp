// The sentences and their order of precedence.
#define CAF_SUITE config.messages
#include "tests/caf_test.hpp"

#include <guardrails/messages.hpp>

#include <stdexcept>
#include <string>

namespace {

struct fixture {
  guardrails::message_catalog messages;

  std::string text(std::string_view key) const { return std::string{messages.text(key)}; }

  bool refuses(std::string_view key) {
    try {
      messages.set(key, "x");
    } catch (const std::out_of_range&) {
      return true;
    }
    return false;
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("a sentence that is not overridden is the default") {
    CHECK_EQ(text("toxicity"), "Toxic content detected.");
    CHECK_EQ(text("passed"), "All checks passed");
    CHECK_EQ(text("check_error"), "A safety check could not be completed.");
  }

  TEST("an overridden sentence replaces the default") {
    messages.set("jailbreak", "No.");
    CHECK_EQ(text("jailbreak"), "No.");
    CHECK_EQ(text("malicious"), "Malicious content detected.");
    CHECK_EQ(messages.overrides().size(), 1u);
  }

  TEST("an unknown key is an error") {
    CHECK(refuses("jailbrake"));
    CHECK(!refuses("jailbreak"));
  }

  TEST("checks come in their order of precedence, then reasons, then fixed sentences") {
    std::string keys;
    for (const auto& entry : guardrails::message_catalog::defaults())
      keys.append(keys.empty() ? "" : " ").append(entry.key);
    CHECK_EQ(
      keys,
      "toxicity sensitive_data jailbreak malicious prompt_injection malicious_code_injection harmful "
      "hallucination routes off_topic sql block_list invisible_text urls languages output_json self_check "
      "groundedness pii exfiltration token_budget llm_error no_user_input rate_limited overloaded timeout "
      "cancelled check_error passed no_llm input_suffix output_suffix");
  }

} // WITH_FIXTURE(fixture)
