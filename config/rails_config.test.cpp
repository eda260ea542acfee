// Configurations that load: values, defaults, environment, secrets, writing back, versions.
// Before CAF's test framework, whose macro `allow` would swallow an enumerator.
#include <guardrails/rails_config.hpp>

#define CAF_SUITE config.rails_config
#include "tests/caf_test.hpp"

#include "config/documentation.hpp"
#include "config/keys.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;

struct fixture {
  static std::optional<std::string> env(const std::string& name) {
    if (name == "OPENAI_API_KEY" || name == "KEY")
      return "sk-very-secret";
    if (name == "ON")
      return "true";
    if (name == "TRICKY")
      return "a: b\n- [c] # ${KEY}";
    if (name == "BAD")
      return "\xff";
    return std::nullopt;
  }

  static rails_config load(std::string_view yaml) { return rails_config::from_content(yaml, env); }

  static std::string error(std::string_view yaml) {
    try {
      load(yaml);
    } catch (const config_error& e) {
      return e.what();
    }
    return {};
  }

  static std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
    return text;
  }
};

constexpr std::string_view full = R"(
llm:
  engine: openai
  model: "m\u00fc"
  api_key: ${KEY}
  base_url: https://[::1]:8443/v1/
  organization: org
  temperature: 0.25
  top_p: 1
  max_tokens: 64
  stop: ["END", "\n\n", "$${X}", 'true']
  timeout: 1.5s
  connect_timeout: 250ms
  retries: {max: 5, backoff: 2m, retry_on: [503]}
  pool: {max_connections: 7, max_in_flight: 9}
  proxy: http://user:hunter2@proxy:8080
  ca_file: /etc/ca.pem
  max_response_bytes: 4096
guardrails:
  input_checks: ${ON}
  output_checks: False
  check_toxicity: false
  pii: {enabled: false}
  on_error: {default: allow, block_list: block}
  input_scope: all_user
  decode_runs: true
  streaming: trailing
  messages: {harmful: "Nein, \"danke\".", jailbreak: "${TRICKY}", input_suffix: ""}
  block_list:
    words: &names [project nightfall, "42"]
    patterns: ['\d{4}-[a-z]+']
    action: mask
)";

} // namespace

WITH_FIXTURE(fixture) {

  TEST("an empty document gives the defaults") {
    for (const auto* text : {"", "# nothing\n", "---\n", "\xef\xbb\xbf", "\r\n"}) {
      const auto config = load(text);
      CHECK(!config.llm);
      CHECK(config.guardrails.check_sensitive_data);
      CHECK_EQ(config.version(), rails_config{}.version());
    }
  }

  TEST("every key reaches its field") {
    const auto config = load(full);
    const auto& llm = config.llm.value();
    CHECK(llm.engine == llm_engine::openai);
    CHECK_EQ(llm.model, "mü");
    CHECK_EQ(llm.api_key.reveal(), "sk-very-secret");
    CHECK_EQ(llm.base_url, "https://[::1]:8443/v1");
    CHECK_EQ(llm.organization, "org");
    CHECK(llm.temperature == 0.25);
    CHECK(llm.top_p == 1.0);
    CHECK(llm.max_tokens == 64u);
    CHECK((llm.stop == std::vector<std::string>{"END", "\n\n", "${X}", "true"}));
    CHECK(llm.timeout == 1500ms);
    CHECK(llm.connect_timeout == 250ms);
    CHECK_EQ(llm.retries.max, 5u);
    CHECK(llm.retries.backoff == 2min);
    CHECK((llm.retries.retry_on == std::vector<std::uint32_t>{503}));
    CHECK_EQ(llm.pool.max_connections, 7u);
    CHECK_EQ(llm.pool.max_in_flight, 9u);
    CHECK_EQ(llm.proxy, "http://user:hunter2@proxy:8080");
    CHECK_EQ(llm.ca_file, "/etc/ca.pem");
    CHECK_EQ(llm.max_response_bytes, 4096u);
  }

  TEST("every engine's own keys reach their fields, and providers have addresses") {
    const auto azure = load("llm: {engine: azure_openai, endpoint: 'https://n.azure.example/', api_version: "
                            "2024-10-21, api_key: k, model: m}")
                         .llm.value();
    CHECK_EQ(azure.endpoint, "https://n.azure.example");
    CHECK_EQ(azure.api_version, "2024-10-21");
    const auto anthropic = load("llm: {engine: anthropic, model: m, api_key: k}").llm.value();
    CHECK_EQ(anthropic.base_url, "https://api.anthropic.com/v1");
    CHECK_EQ(anthropic.anthropic_version, "2023-06-01");
    const auto gemini = load("llm: {engine: gemini, model: m, api_key: k}").llm.value();
    CHECK_EQ(gemini.base_url, "https://generativelanguage.googleapis.com/v1beta");
    const auto bedrock =
      load("llm: {engine: bedrock, model_id: 'a.b-v1:0', aws_access_key: A, aws_secret_key: "
           "top-secret, aws_session_token: T, aws_region: eu-central-1}");
    const auto& llm = bedrock.llm.value();
    CHECK_EQ(llm.model, "a.b-v1:0");
    CHECK_EQ(llm.base_url, "https://bedrock-runtime.eu-central-1.amazonaws.com");
    CHECK_EQ(llm.aws_secret_key.reveal() + llm.aws_access_key.reveal() + llm.aws_session_token.reveal(),
             "top-secretAT");
    const auto written = bedrock.to_yaml();
    CHECK(written.find("model_id: ") != std::string::npos && written.find("top-secret") == std::string::npos);
    const auto of_llm = written.substr(0, written.find("\nguardrails:"));
    CHECK(of_llm.find("api_key") == std::string::npos && of_llm.find("  model:") == std::string::npos);
  }

  TEST("every key of the rails reaches its field") {
    const auto rails = load(full).guardrails;
    CHECK(rails.input_checks);
    CHECK(!rails.output_checks);
    CHECK(rails.on_error == on_error_action::allow);
    CHECK(rails.on_error_by_check.at("block_list") == on_error_action::block);
    CHECK_EQ(rails.on_error_by_check.size(), 1u);
    CHECK(rails.input_scope == input_scope::all_user);
    CHECK(rails.decode_runs);
    CHECK(rails.streaming == stream_mode::trailing);
    CHECK_EQ(std::string{rails.messages.text("harmful")}, "Nein, \"danke\".");
    CHECK_EQ(std::string{rails.messages.text("jailbreak")}, "a: b\n- [c] # ${KEY}");
    CHECK_EQ(std::string{rails.messages.text("input_suffix")}, "");
    const auto list = rails.block_list.value();
    CHECK((list.words == std::vector<std::string>{"project nightfall", "42"}));
    CHECK((list.patterns == std::vector<std::string>{R"(\d{4}-[a-z]+)"}));
    CHECK(list.action == finding_action::mask);
  }

  TEST("an action for all checks may stand in place of the map") {
    CHECK(load("guardrails: {on_error: allow}").guardrails.on_error == on_error_action::allow);
  }

  TEST("false leaves the block list out") {
    CHECK(!load("guardrails: {block_list: false}").guardrails.block_list);
  }

  TEST("OpenAI's address is known") {
    const auto config = load("llm: {engine: openai, model: m, api_key: k}");
    CHECK_EQ(config.llm->base_url, "https://api.openai.com/v1");
  }

  TEST("durations may be bare seconds") {
    const auto wait = [](const std::string& text) {
      return load("llm: {engine: echo, latency: " + text + "}").llm->latency;
    };
    CHECK(wait("2") == 2s);
    CHECK(wait("0.25") == 250ms);
    CHECK(wait("1.5s") == 1500ms);
    CHECK(wait("\"3s\"") == 3s);
    CHECK(wait("0") == 0s);
  }

  TEST("a written configuration is read back as the same") {
    const auto config = load(full);
    const auto yaml = config.to_yaml();
    const auto again = load(replaced(yaml, "api_key: \"***\"", "api_key: ${KEY}"));
    CHECK_EQ(again.to_yaml(), yaml);
    CHECK_EQ(again.version(), config.version());
    CHECK_EQ(again.llm->model, config.llm->model);
    CHECK(again.llm->stop == config.llm->stop);
    CHECK_EQ(load(rails_config{}.to_yaml()).to_yaml(), rails_config{}.to_yaml());
  }

  TEST("no secret is ever written") {
    const auto yaml = load(full).to_yaml();
    CHECK(yaml.find("sk-very") == std::string::npos);
    CHECK(yaml.find("hunter2") == std::string::npos);
    CHECK(yaml.find("http://***@proxy:8080") != std::string::npos);
  }

  TEST("no error quotes a secret") {
    for (const auto* key :
         {"timeout", "temperature", "max_tokens", "engine", "base_url", "proxy", "stop", "retries", "pool"}) {
      const auto text = error("llm: {engine: openai_compatible, model: m, base_url: http://h, " +
                              std::string{key} + ": \"${KEY}\"}");
      CHECK(!text.empty());
      CHECK(text.find("sk-very") == std::string::npos);
      CHECK(error("llm:\n  " + std::string{key} + ": sk-very-secret-and-long").find("sk-very") ==
            std::string::npos);
    }
    CHECK(error("llm: {engine: openai, model: m, api_key: \"sk-very\\n\"}").find("sk-very") ==
          std::string::npos);
    CHECK(error("llm: {engine: openai, model: m, api_key: [sk-very]}").find("sk-very") == std::string::npos);
  }

  TEST("bytes that are no text do not come in through the environment") {
    CHECK(error("llm: {engine: echo, model: \"${BAD}\"}").find("is not valid UTF-8") != std::string::npos);
  }

  TEST("the version follows the content and nothing else") {
    const auto version = [](std::string_view yaml) { return load(yaml).version(); };
    const auto one = version("llm: {engine: openai, model: m, api_key: k}");
    CHECK_EQ(one.size(), 16u);
    CHECK_EQ(version("# comment\nllm:\n  api_key: other\n  model: \"m\"\n  engine: openai\n"), one);
    CHECK(version("llm: {engine: openai, model: n, api_key: k}") != one);
    CHECK(version("guardrails: {block_list: {words: [a]}}") != rails_config{}.version());
  }

  TEST("what happens on failures counts where it differs from the default") {
    const auto version = [](std::string_view yaml) { return load(yaml).version(); };
    const auto strict = rails_config{}.version();
    CHECK_EQ(version("guardrails: {on_error: {urls: block}}"), strict);
    CHECK_EQ(version("guardrails: {on_error: {default: allow, urls: allow}}"),
             version("guardrails: {on_error: allow}"));
    CHECK(version("guardrails: {on_error: {urls: allow}}") != strict);
    CHECK(version("guardrails: {on_error: allow}") != strict);
    CHECK(version("guardrails: {on_error: {default: allow, urls: block}}") !=
          version("guardrails: {on_error: allow}"));
    // As long as nothing is set, keys of checks that come later change nothing.
    const auto keys = config::all_keys();
    CHECK(std::ranges::all_of(keys, [](const auto& k) {
      return !k.path.starts_with("guardrails.on_error.") || k.name() == "default" || !k.follows.empty();
    }));
  }

  TEST("checks that are off are listed in order") {
    const auto off = [](std::string_view yaml) {
      std::string names;
      for (const auto& name : load(yaml).checks_off())
        names += name + ' ';
      return names;
    };
    const std::string absent =
      "data_exfiltration block_list ban_list invisible_text urls languages output_json "
      "self_check_input self_check_output groundedness ";
    CHECK_EQ(off("guardrails: {check_sensitive_data: false}"),
             "check_sensitive_data check_off_topic check_sql_syntax pii token_budget "
             "tool_authorization rate_limit " +
               absent);
    CHECK(off("guardrails: {block_list: {words: [a]}}").find("block_list") == std::string::npos);
    CHECK(off("").find("sensitive_data") == std::string::npos);
    CHECK(off("guardrails: {input_checks: false, output_checks: false}").find("sensitive_data") !=
          std::string::npos);
  }

  TEST("the ready-made files load") {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{GUARDRAILS_SOURCE_DIR "/config"}) {
      if (entry.path().extension() != ".yml")
        continue;
      ++files;
      const auto config = rails_config::from_file(entry.path(), env);
      CHECK(config.guardrails.check_sensitive_data);
    }
    CHECK_EQ(files, 6u);
    const auto demo = rails_config::from_file(GUARDRAILS_SOURCE_DIR "/config/demo.yml", env);
    CHECK_EQ(demo.guardrails.block_list.value().words.at(0), "project nightfall");
    CHECK_EQ(demo.llm->base_url, "http://127.0.0.1:9090/v1");
  }

  TEST("data exfiltration has the documented defaults, and is off unless answers are checked for it") {
    const auto defaults = rails_config{}.guardrails.data_exfiltration;
    CHECK(!defaults.enabled && defaults.output_checks);
    CHECK(defaults.action_thresholds.warn == 20 && defaults.action_thresholds.block == 80);
    CHECK(defaults.detectors.secrets && defaults.detectors.bulk_sensitive &&
          defaults.detectors.abnormal_patterns);
    CHECK_EQ(defaults.bulk_sensitive.threshold, 5u);
    CHECK_EQ(defaults.mask_token, "[REDACTED]");
    const auto is_off = [](const std::string& members, const std::string& beside = "") {
      const auto config =
        rails_config::from_content("guardrails: {" + beside + "data_exfiltration: " + members + "}");
      const auto off = config.checks_off();
      return std::ranges::find(off, "data_exfiltration") != off.end();
    };
    CHECK(is_off("false"));
    CHECK(is_off("{enabled: false}"));
    CHECK(is_off("{mask_token: x}"));
    CHECK(!is_off("{enabled: true}"));
    CHECK(is_off("{enabled: true, output_checks: false}"));
    CHECK(is_off("{enabled: true}", "output_checks: false, "));
  }

  TEST("the token budget has the documented defaults, is written as it was read, and runs where it may") {
    const auto defaults = rails_config{}.guardrails.token_budget;
    CHECK(!defaults.enabled && defaults.input_checks && defaults.output_checks && defaults.block_on_exceeded);
    CHECK(!defaults.max_request_tokens && !defaults.max_run_tokens && defaults.reserved_output_tokens == 0);
    const auto config = rails_config::from_content(
      "guardrails: {token_budget: {enabled: true, output_checks: false, max_request_tokens: 4000, "
      "max_run_tokens: 90000, reserved_output_tokens: 500, block_on_exceeded: false, vocabulary: a.tiktoken, "
      "pretokenizer: o200k, run_idle_timeout: 5m, max_runs: 7}}");
    const auto again = rails_config::from_content(config.to_yaml());
    const auto& chosen = again.guardrails.token_budget;
    CHECK(chosen.enabled && chosen.input_checks && !chosen.output_checks && !chosen.block_on_exceeded);
    CHECK(chosen.max_request_tokens == 4'000u && chosen.max_run_tokens == 90'000u);
    CHECK(chosen.reserved_output_tokens == 500 && chosen.max_runs == 7);
    CHECK(chosen.vocabulary == "a.tiktoken" && chosen.pretokenizer == pretokenizer::o200k);
    CHECK(chosen.run_idle_timeout == std::chrono::minutes{5});
    CHECK_EQ(again.version(), config.version());
    const auto is_off = [](const std::string& members, const std::string& beside = "") {
      const auto off =
        rails_config::from_content("guardrails: {" + beside + "token_budget: " + members + "}").checks_off();
      return std::ranges::find(off, "token_budget") != off.end();
    };
    CHECK(is_off("false"));
    CHECK(is_off("{max_run_tokens: 5}"));
    CHECK(!is_off("{enabled: true, max_run_tokens: 5}"));
    CHECK(is_off("{enabled: true, max_run_tokens: 5, input_checks: false, output_checks: false}"));
    CHECK(is_off("{enabled: true, max_run_tokens: 5, input_checks: false}", "output_checks: false, "));
    CHECK(!is_off("{enabled: true, max_run_tokens: 5, input_checks: false}", "input_checks: false, "));
  }

  TEST("data exfiltration is written as it was read") {
    const auto config = rails_config::from_content(
      "guardrails: {data_exfiltration: {enabled: true, action_thresholds: {warn: 60, block: 160}, "
      "detectors: {secrets: false}, bulk_sensitive: {threshold: 9}, mask_token: '#'}}");
    const auto again = rails_config::from_content(config.to_yaml());
    const auto& chosen = again.guardrails.data_exfiltration;
    CHECK(chosen.enabled && !chosen.detectors.secrets && chosen.detectors.bulk_sensitive);
    CHECK(chosen.action_thresholds.warn == 60 && chosen.action_thresholds.block == 160);
    CHECK(chosen.bulk_sensitive.threshold == 9 && chosen.mask_token == "#");
    CHECK_EQ(again.version(), config.version());
  }

  TEST("lists by name are read in both forms and written as they were read") {
    const auto config = load("guardrails: {ban_list: {competitors: [Acme, \"y\"], slang: {words: [x], "
                             "action: flag}}}");
    const auto& lists = config.guardrails.ban_list;
    CHECK((lists.at("competitors") == banned_terms{{"Acme", "y"}, finding_action::block}));
    CHECK((lists.at("slang") == banned_terms{{"x"}, finding_action::flag}));
    const auto again = load(config.to_yaml());
    CHECK(again.guardrails.ban_list == lists);
    CHECK_EQ(again.version(), config.version());
    CHECK(config.version() != rails_config{}.version());
    CHECK(load("guardrails: {ban_list: false}").guardrails.ban_list.empty());
    const auto built = rails_config_builder{}
                         .set("guardrails.ban_list.competitors", std::vector<std::string>{"Acme", "y"})
                         .set("guardrails.ban_list.slang.words", std::vector<std::string>{"x"})
                         .set("guardrails.ban_list.slang.action", "flag")
                         .build();
    CHECK(built.guardrails.ban_list == lists);
  }

  TEST("the section of a check turns it on, even when it is empty") {
    const auto is_off = [](const std::string& key, const std::string& value) {
      const auto off = load("guardrails: {" + key + ": " + value + "}").checks_off();
      return std::ranges::find(off, key) != off.end();
    };
    CHECK(is_off("invisible_text", "false"));
    CHECK(!is_off("invisible_text", "{}"));
    CHECK(!is_off("ban_list", "{a: [b]}"));
    CHECK(is_off("ban_list", "{}"));
    CHECK(!is_off("urls", "{}"));
    CHECK(!is_off("languages", "{allow: [en]}"));
    CHECK(!is_off("output_json", "{}"));
    CHECK(is_off("output_json", "{}, output_checks: false"));
    CHECK(load("guardrails: {invisible_text: {}}").guardrails.invisible_text->action ==
          finding_action::block);
    CHECK(load("guardrails: {invisible_text: {action: mask}}").guardrails.invisible_text->action ==
          finding_action::mask);
  }

  TEST("a schema is written as YAML or as JSON and kept as JSON") {
    const auto schema = [](const std::string& written) {
      const auto config = load("guardrails:\n  output_json:\n    schema: " + written);
      return config.guardrails.output_json.value().schema;
    };
    const std::string expected =
      R"({"type":"object","properties":{"a":{"const":"1"},"b":{"enum":[1,-7,true,null,"x"]}}})";
    CHECK_EQ(schema(R"({type: object, properties: {a: {const: "1"}, b: {enum: [1, -7, true, ~, x]}}})"),
             expected);
    CHECK_EQ(schema("'" + expected + "'"), expected);
    CHECK_EQ(schema(expected), expected);
    const auto config = load("guardrails: {output_json: {schema: " + expected + "}}");
    const auto again = load(config.to_yaml());
    CHECK_EQ(again.guardrails.output_json.value().schema, expected);
    CHECK_EQ(again.version(), config.version());
  }

  TEST("personal data is written as it was read") {
    const auto config = rails_config::from_content(
      "guardrails: {pii: {enabled: true, output_checks: false, language: de, entity_types: [EMPLOYEE_ID, "
      "DE_KFZ], "
      "entity_thresholds: {EMPLOYEE_ID: 0.75, US_SSN: 1}, default_confidence_threshold: 0, "
      "below_threshold_action: pass, default_action: review, default_mask: false, enable_phi_detection: "
      "false, "
      "entity_policies: {DE_KFZ: {action: block}, US_SSN: {mask: true}}, mask_format: hash, mask_key: "
      "hunter2, "
      "custom_entities: {EMPLOYEE_ID: {patterns: ['E-\\d+', \"a\\\"b\"], context: [Ausweis], score: 0.25, "
      "validator: luhn}}}}");
    const auto yaml = config.to_yaml();
    CHECK(yaml.find("hunter2") == std::string::npos);
    auto again = rails_config::from_content(yaml);
    const auto& pii = again.guardrails.pii;
    CHECK(pii.enabled && pii.input_checks && !pii.output_checks && !pii.default_mask &&
          !pii.enable_phi_detection);
    CHECK_EQ(pii.language, "de");
    CHECK((pii.entity_types == std::vector<std::string>{"EMPLOYEE_ID", "DE_KFZ"}));
    CHECK_EQ(pii.entity_thresholds.at("EMPLOYEE_ID"), 0.75);
    CHECK(pii.below_threshold_action == below_threshold_action::pass);
    CHECK(pii.default_action == finding_action::review);
    CHECK(pii.entity_policies.at("DE_KFZ") == (entity_policy{finding_action::block, std::nullopt}));
    CHECK(pii.entity_policies.at("US_SSN") == (entity_policy{std::nullopt, true}));
    CHECK(pii.custom_entities.at("EMPLOYEE_ID") ==
          (custom_entity{{"E-\\d+", "a\"b"}, {"Ausweis"}, 0.25, "luhn"}));
    CHECK_EQ(again.version(), config.version());
    CHECK_EQ(again.to_yaml(), yaml);
  }

  TEST("personal data has the defaults of the specification") {
    const auto pii = load("guardrails: {pii: {enabled: true}}").guardrails.pii;
    CHECK(pii.input_checks && pii.output_checks && pii.default_mask && pii.enable_phi_detection);
    CHECK_EQ(pii.language, "en");
    CHECK(pii.entity_types.empty() && pii.entity_thresholds.empty() && pii.entity_policies.empty());
    CHECK_EQ(pii.default_confidence_threshold, 0.5);
    CHECK(pii.below_threshold_action == below_threshold_action::flag);
    CHECK(pii.default_action == finding_action::flag);
    CHECK_EQ(pii.mask_format, "<ENTITY_TYPE>");
    CHECK(!pii.reversible);
    CHECK(!load("guardrails: {pii: {language: de}}").guardrails.pii.enabled);
    CHECK(!load("guardrails: {pii: false}").guardrails.pii.enabled);
  }

  TEST("masks that come back are written with numbers") {
    const auto config =
      load("guardrails: {pii: {enabled: true, reversible: true, mask_format: <ENTITY_TYPE_N>}}");
    CHECK(config.guardrails.pii.reversible);
    const auto again = load(config.to_yaml());
    CHECK(again.guardrails.pii.reversible);
    CHECK_EQ(again.version(), config.version());
    CHECK(load("guardrails: {pii: {reversible: true}}").guardrails.pii.reversible);
    CHECK(config.version() !=
          load("guardrails: {pii: {enabled: true, mask_format: <ENTITY_TYPE_N>}}").version());
  }

  TEST("personal data is off unless it is enabled for a direction that is checked") {
    const auto is_off = [](std::string_view yaml) {
      const auto off = load(yaml).checks_off();
      return std::ranges::find(off, "pii") != off.end();
    };
    CHECK(is_off("guardrails: {pii: {language: de}}"));
    CHECK(!is_off("guardrails: {pii: {enabled: true}}"));
    CHECK(!is_off("guardrails: {pii: {enabled: true, input_checks: false}}"));
    CHECK(is_off("guardrails: {pii: {enabled: true, input_checks: false}, output_checks: false}"));
    CHECK(is_off("guardrails: {pii: {enabled: true, input_checks: false, output_checks: false}}"));
  }

  TEST("a remote judge is written as it is read, with what its engine takes, and its key is not") {
    for (const auto* yaml :
         {"guardrails: {toxicity: {engine: openai_moderation, api_key: sk-key, thresholds: {hate: 0.3}}}",
          "guardrails: {toxicity: {engine: openai_compatible, base_url: 'http://j/v1/', model: m}}"}) {
      const auto config = rails_config::from_content(yaml);
      auto written = config.to_yaml();
      CHECK(written.find("sk-key") == std::string::npos);
      if (const auto hidden = written.find("\"***\""); hidden != std::string::npos)
        written.replace(hidden, 5, "other");
      CHECK_EQ(rails_config::from_content(written).version(), config.version());
    }
    const auto moderation =
      rails_config::from_content("guardrails: {toxicity: {engine: openai_moderation, api_key: k}}");
    CHECK_EQ(moderation.guardrails.toxicity.model, "omni-moderation-latest");
    CHECK_EQ(moderation.guardrails.toxicity.base_url, "https://api.openai.com/v1");
    CHECK_EQ(rails_config::from_content("guardrails: {toxicity: embedded}").version(),
             rails_config{}.version());
  }

  TEST("the documentation is up to date") {
    std::ifstream file{GUARDRAILS_SOURCE_DIR "/docs/configuration.md"};
    std::ostringstream text;
    text << file.rdbuf();
    CHECK(text.str() == config::keys_as_markdown());
  }

  TEST("every key has a sentence and a path that can be found") {
    for (const auto& k : config::all_keys()) {
      CHECK(k.doc.ends_with('.'));
      CHECK(config::find_key(k.path) == &k);
      CHECK(k.parent().empty() || config::find_key(k.parent()) != nullptr);
    }
  }

} // WITH_FIXTURE(fixture)
