// Configurations built in code, and what differs between two.
// Before CAF's test framework, whose macro `allow` would swallow an enumerator.
#include <guardrails/rails_config.hpp>

#define CAF_SUITE config.builder
#include "tests/caf_test.hpp"

#include "config/diff.hpp"

namespace {

using namespace guardrails;
using namespace std::chrono_literals;

struct fixture {
  static std::string error(const rails_config_builder& builder) {
    try {
      builder.build();
    } catch (const config_error& e) {
      return e.what();
    }
    return {};
  }

  static std::string differences(const rails_config& before, const rails_config& after) {
    std::string text;
    for (const auto& change : config::diff(before, after))
      text += change.key_path + ": " + change.before + " -> " + change.after + '\n';
    return text;
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("a builder gives what the YAML form gives") {
    const auto built = rails_config_builder{}
                         .set("llm.engine", "openai")
                         .set("llm.model", "m")
                         .set("llm.api_key", "k")
                         .set("llm.temperature", 0.5)
                         .set("llm.max_tokens", 10)
                         .set("llm.timeout", 1500ms)
                         .set("guardrails.output_checks", false)
                         .set("guardrails.block_list.words", std::vector<std::string>{"a", "b"})
                         .build();
    const auto read =
      rails_config::from_content("llm: {engine: openai, model: m, api_key: k, temperature: 0.5, "
                                 "max_tokens: 10, timeout: 1.5s}\n"
                                 "guardrails: {output_checks: false, block_list: {words: [a, b]}}");
    CHECK_EQ(built.to_yaml(), read.to_yaml());
    CHECK_EQ(differences(built, read), "");
  }

  TEST("maps are set key by key") {
    const auto built = rails_config_builder{}
                         .set("guardrails.pii.enabled", true)
                         .set("guardrails.pii.entity_thresholds.US_SSN", 0.75)
                         .set("guardrails.pii.entity_policies.US_SSN.action", "block")
                         .set("guardrails.pii.custom_entities.OWN.patterns", std::vector<std::string>{"x+"})
                         .build();
    CHECK_EQ(built.guardrails.pii.entity_thresholds.at("US_SSN"), 0.75);
    CHECK(built.guardrails.pii.entity_policies.at("US_SSN").action == finding_action::block);
    CHECK_EQ(built.guardrails.pii.custom_entities.at("OWN").patterns.at(0), "x+");
    CHECK_EQ(
      error(rails_config_builder{}.set("guardrails.pii.entity_thresholds.USSSN", 0.75)),
      "<builder>: guardrails.pii.entity_thresholds.USSSN: is not an entity; docs/pii.md lists them (did you "
      "mean `US_SSN`?)");
  }

  TEST("the last value of a key counts") {
    const auto built = rails_config_builder{}.set("llm.engine", "openai").set("llm.engine", "echo").build();
    CHECK(built.llm->engine == llm_engine::echo);
  }

  TEST("values set in code are data: references stay as they are") {
    const auto built = rails_config_builder{}.set("guardrails.messages.harmful", "${HOME}").build();
    CHECK_EQ(std::string{built.guardrails.messages.text("harmful")}, "${HOME}");
  }

  TEST("a builder is validated like a file") {
    CHECK_EQ(error(rails_config_builder{}.set("llm.engin", "echo")),
             "<builder>: llm.engin: unknown key; expected a key of llm (did you mean `llm.engine`?)");
    CHECK_EQ(error(rails_config_builder{}.set("guardrails.input_checks", "true")),
             "<builder>: guardrails.input_checks: is the text \"true\"; expected true or false (did you mean "
             "`true`?)");
    CHECK(error(rails_config_builder{}.set("llm.temperature", 0.5)).find("llm.engine: is missing") !=
          std::string::npos);
    CHECK(error(rails_config_builder{}.set("llm", "echo")).find("expected a map") != std::string::npos);
    CHECK(error(rails_config_builder{}.set("", "x")).find("unknown key") != std::string::npos);
  }

  TEST("numbers out of the ordinary are refused, whatever their size") {
    CHECK(error(rails_config_builder{}.set("llm.engine", "echo").set("llm.temperature", 1e300))
            .find("out of range") != std::string::npos);
    CHECK(error(rails_config_builder{}
                  .set("llm.engine", "echo")
                  .set("llm.temperature", std::numeric_limits<double>::quiet_NaN()))
            .find("expected a number") != std::string::npos);
    CHECK(error(rails_config_builder{}.set("llm.engine", "echo").set("llm.max_tokens", -1))
            .find("out of range") != std::string::npos);
  }

  TEST("a key cannot be a value and a section at once") {
    CHECK(error(rails_config_builder{}
                  .set("guardrails.on_error", "block")
                  .set("guardrails.on_error.default", "block"))
            .find("expected one or the other") != std::string::npos);
    CHECK(error(rails_config_builder{}
                  .set("guardrails.on_error.default", "block")
                  .set("guardrails.on_error", "block"))
            .find("expected one or the other") != std::string::npos);
  }

  TEST("differences are listed by key") {
    const auto one = rails_config::from_content("llm: {engine: echo}");
    const auto two =
      rails_config::from_content("llm: {engine: echo, temperature: 1}\nguardrails: {on_error: allow}");
    CHECK(differences(one, two).starts_with("llm.temperature: not set -> 1\n"
                                            "guardrails.on_error.default: block -> allow\n"
                                            "guardrails.on_error.toxicity: block -> allow\n"));
  }

  TEST("a changed secret is reported without being shown") {
    const auto with_key = [](const std::string& key) {
      return rails_config::from_content(
        "llm: {engine: openai_compatible, model: m, base_url: http://h, proxy: \"http://u:" + key +
        "@p\", api_key: " + key + "}");
    };
    CHECK_EQ(differences(with_key("one"), with_key("two")),
             "llm.api_key: *** -> *** (changed)\n"
             "llm.proxy: \"http://***@p\" -> \"http://***@p\" (changed)\n");
    CHECK_EQ(differences(with_key("one"), with_key("one")), "");
  }

  TEST("a section that appears is named") {
    const auto text =
      differences(rails_config{}, rails_config::from_content("guardrails: {block_list: {words: [a]}}"));
    CHECK(text.starts_with("guardrails.block_list: not set -> present\n"));
  }

} // WITH_FIXTURE(fixture)
