// The key table. A new key is one entry here.
#include "config/keys.hpp"

#include "config/ban_list_key.hpp"
#include "config/key_entry.hpp"
#include "config/schema_key.hpp"
#include "config/text_rules.hpp"

#include <algorithm>

namespace guardrails::config {

namespace {

constexpr double hour = 3'600'000; // milliseconds
constexpr std::size_t most_entities = 1'000;

limits between(double min, double max) {
  return {.min = min, .max = max};
}

limits text(const text_rule& rule) {
  return {.rule = &rule};
}

/// An empty text leaves the key unset, as in `${NAME:-}`.
limits optional_text(const text_rule& rule) {
  return {.may_be_empty = true, .rule = &rule};
}

limits texts(std::size_t most, const text_rule* rule = nullptr) {
  return {.max_items = most, .rule = rule};
}

void add_llm_keys(std::vector<key>& keys) {
  auto llm = section("llm", "The language model; without this section only the input is validated.");
  llm.made.open = [](rails_config& config) { config.llm.emplace(); };
  llm.made.present = [](const rails_config& config) { return config.llm.has_value(); };
  keys.push_back(std::move(llm));

  const auto openai = set_of(llm_engine::openai);
  const auto echo = set_of(llm_engine::echo);
  keys.push_back(value("llm.engine", in_llm(&llm_config::engine),
                       {.unavailable = {"azure_openai", "anthropic", "gemini", "bedrock"}},
                       "The provider's interface; echo is an embedded stand-in for demos and tests.")
                   .required_by(every_engine)
                   .by_default("none: must be given"));
  keys.push_back(
    value("llm.model", in_llm(&llm_config::model), text(one_line), "The model's name at the provider.")
      .required_by(remote_engines)
      .by_default("none: must be given for openai and openai_compatible"));
  keys.push_back(value("llm.api_key", in_llm(&llm_config::api_key), optional_text(header_value),
                       "The key sent to the provider; write it as ${NAME} to take it from the environment.")
                   .only(remote_engines)
                   .required_by(openai)
                   .by_default("none: must be given for openai"));
  keys.push_back(value("llm.base_url", in_llm(&llm_config::base_url), text(upstream_url),
                       "Where the interface is, without the trailing /chat/completions.")
                   .only(remote_engines)
                   .required_by(set_of(llm_engine::openai_compatible))
                   .by_default("https://api.openai.com/v1 for openai; must be given for openai_compatible"));
  keys.push_back(value("llm.organization", in_llm(&llm_config::organization), optional_text(header_value),
                       "The organization that is charged.")
                   .only(openai));
  keys.push_back(value("llm.temperature", in_llm(&llm_config::temperature), between(0, 2),
                       "Sampling temperature; not sent when absent, so that the provider's own applies."));
  keys.push_back(
    value("llm.top_p", in_llm(&llm_config::top_p), between(0, 1), "Nucleus sampling; not sent when absent."));
  keys.push_back(value("llm.max_tokens", in_llm(&llm_config::max_tokens), between(1, 10'000'000),
                       "The longest answer, in tokens; not sent when absent."));
  keys.push_back(value("llm.stop", in_llm(&llm_config::stop), texts(16), "Texts that end the answer."));
  keys.push_back(value("llm.timeout", in_llm(&llm_config::timeout), between(1, 24 * hour),
                       "The time for a whole generation, retries included."));
  keys.push_back(value("llm.connect_timeout", in_llm(&llm_config::connect_timeout), between(1, hour),
                       "The time for connecting to the provider."));
  keys.push_back(section("llm.retries", "Further attempts after a failure that may pass."));
  keys.push_back(value("llm.retries.max", in_llm(&llm_config::retries, &retry_config::max), between(0, 100),
                       "Attempts after the first one."));
  keys.push_back(value("llm.retries.backoff", in_llm(&llm_config::retries, &retry_config::backoff),
                       between(0, hour),
                       "The wait before the first retry; doubles each time, with full jitter."));
  auto statuses = between(400, 599);
  statuses.max_items = 200;
  keys.push_back(value("llm.retries.retry_on", in_llm(&llm_config::retries, &retry_config::retry_on),
                       statuses,
                       "HTTP statuses that are worth another attempt; failures to connect always are."));
  keys.push_back(section("llm.pool", "How much each lane may have under way."));
  keys.push_back(value("llm.pool.max_connections", in_llm(&llm_config::pool, &pool_config::max_connections),
                       between(1, 4096), "Open connections to the provider, per lane."));
  keys.push_back(value("llm.pool.max_in_flight", in_llm(&llm_config::pool, &pool_config::max_in_flight),
                       between(1, 1'000'000), "Generations a lane may hold, waiting ones included."));
  keys.push_back(value("llm.proxy", in_llm(&llm_config::proxy), optional_text(proxy_url),
                       "The proxy through which the provider is reached; its credentials are never shown.")
                   .only(remote_engines)
                   .shown_as(without_credentials));
  keys.push_back(value("llm.ca_file", in_llm(&llm_config::ca_file), optional_text(one_line),
                       "A file with the certificates to trust instead of the system's.")
                   .only(remote_engines));
  keys.push_back(value("llm.max_response_bytes", in_llm(&llm_config::max_response_bytes),
                       between(1, 1u << 30), "The longest answer in bytes; a longer one is an error."));
  keys.push_back(value("llm.latency", in_llm(&llm_config::latency), between(0, hour),
                       "How long the stand-in waits before it answers.")
                   .only(echo));
  keys.push_back(value("llm.tokens_per_second", in_llm(&llm_config::tokens_per_second), between(0, 1'000'000),
                       "How fast the stand-in streams; 0 answers at once.")
                   .only(echo));
}

void add_missing_llm_keys(std::vector<key>& keys) {
  const auto add = [&](std::string path, std::string doc) {
    keys.push_back(missing(std::move(path), missing_form::none, std::move(doc)));
  };
  add("llm.endpoint", "The resource's address (azure_openai).");
  add("llm.api_version", "The interface's version (azure_openai).");
  add("llm.version", "The interface's version (anthropic).");
  add("llm.aws_access_key", "The access key (bedrock).");
  add("llm.aws_secret_key", "The secret key (bedrock).");
  add("llm.aws_session_token", "The session token (bedrock).");
  add("llm.aws_region", "The region (bedrock).");
  add("llm.model_id", "The model's name (bedrock).");
  add("llm.fallbacks", "Further targets to ask when this one fails.");
  add("llm.weight", "The share of requests a target gets.");
  add("llm.circuit_breaker", "When a failing target is left alone.");
}

void add_exfiltration_keys(std::vector<key>& keys) {
  using e = data_exfiltration_config;
  const std::string path = "guardrails.data_exfiltration";
  auto exfiltration = section(path, "Finds secrets and bulk data in answers.").check();
  exfiltration.made.may_be_false = true;
  exfiltration.made.open = [](rails_config& config) { config.guardrails.data_exfiltration = {}; };
  exfiltration.made.present = [](const rails_config& config) {
    return config.guardrails.data_exfiltration.enabled;
  };
  exfiltration.made.runs = [](const rails_config& config) {
    const auto& chosen = config.guardrails.data_exfiltration;
    return config.guardrails.output_checks && chosen.enabled && chosen.output_checks;
  };
  keys.push_back(std::move(exfiltration));
  keys.push_back(
    value(path + ".enabled", in_exfiltration(&e::enabled), {}, "Whether answers are checked for it."));
  keys.push_back(value(path + ".output_checks", in_exfiltration(&e::output_checks), {},
                       "The same, for answers in particular."));
  keys.push_back(section(path + ".action_thresholds", "Points of risk at which something is done."));
  keys.push_back(value(path + ".action_thresholds.warn",
                       in_exfiltration(&e::action_thresholds, &exfiltration_thresholds::warn),
                       between(1, 10'000), "From here on what was found is masked."));
  keys.push_back(value(path + ".action_thresholds.block",
                       in_exfiltration(&e::action_thresholds, &exfiltration_thresholds::block),
                       between(1, 10'000), "From here on the answer is blocked."));
  keys.push_back(section(path + ".detectors", "What adds points."));
  keys.push_back(value(path + ".detectors.secrets",
                       in_exfiltration(&e::detectors, &exfiltration_detectors::secrets), {},
                       "Keys, tokens and passwords: 80 points for each kind."));
  keys.push_back(value(path + ".detectors.bulk_sensitive",
                       in_exfiltration(&e::detectors, &exfiltration_detectors::bulk_sensitive), {},
                       "Sensitive data in bulk: 60 points."));
  keys.push_back(value(path + ".detectors.abnormal_patterns",
                       in_exfiltration(&e::detectors, &exfiltration_detectors::abnormal_patterns), {},
                       "Dumps, encoded blocks, random text and great length: 20 points for each kind."));
  keys.push_back(section(path + ".bulk_sensitive", "What counts as bulk."));
  keys.push_back(value(path + ".bulk_sensitive.threshold",
                       in_exfiltration(&e::bulk_sensitive, &bulk_sensitive_config::threshold),
                       between(1, 10'000), "Findings of sensitive data that are bulk."));
  keys.push_back(
    value(path + ".mask_token", in_exfiltration(&e::mask_token), {}, "What masked spans become."));
}

void add_token_budget_keys(std::vector<key>& keys) {
  using t = token_budget_config;
  constexpr double most_tokens = 1e12;
  const std::string path = "guardrails.token_budget";
  auto budget = section(path, "Bounds the tokens of a request and of a run.").check();
  budget.made.may_be_false = true;
  budget.made.open = [](rails_config& config) { config.guardrails.token_budget = {}; };
  budget.made.present = [](const rails_config& config) { return config.guardrails.token_budget.enabled; };
  budget.made.runs = [](const rails_config& config) {
    const auto& rails = config.guardrails;
    const auto& chosen = rails.token_budget;
    return chosen.enabled &&
           ((rails.input_checks && chosen.input_checks) || (rails.output_checks && chosen.output_checks));
  };
  keys.push_back(std::move(budget));
  keys.push_back(value(path + ".enabled", in_token_budget(&t::enabled), {}, "Whether there is a budget."));
  keys.push_back(
    value(path + ".input_checks", in_token_budget(&t::input_checks), {}, "The same, for requests."));
  keys.push_back(
    value(path + ".output_checks", in_token_budget(&t::output_checks), {}, "The same, for answers."));
  keys.push_back(value(path + ".max_request_tokens", in_token_budget(&t::max_request_tokens),
                       between(1, most_tokens), "The longest conversation, with what is reserved."));
  keys.push_back(value(path + ".max_run_tokens", in_token_budget(&t::max_run_tokens), between(1, most_tokens),
                       "What a session, or one generation without one, may use together."));
  keys.push_back(value(path + ".reserved_output_tokens", in_token_budget(&t::reserved_output_tokens),
                       between(0, most_tokens), "Set aside for an answer before it is known."));
  keys.push_back(value(path + ".block_on_exceeded", in_token_budget(&t::block_on_exceeded), {},
                       "Whether what exceeds the budget is blocked or only reported."));
  keys.push_back(value(path + ".vocabulary", in_token_budget(&t::vocabulary), optional_text(one_line),
                       "A file to count by, in tiktoken's form or a tokenizer.json; without, tokens are "
                       "estimated."));
  keys.push_back(value(path + ".pretokenizer", in_token_budget(&t::pretokenizer), {},
                       "How texts are cut before the vocabulary applies.")
                   .by_default("what the file says; cl100k for tiktoken's form"));
  keys.push_back(value(path + ".run_idle_timeout", in_token_budget(&t::run_idle_timeout),
                       between(1, 30 * 24 * hour), "How long an unused session is remembered."));
  keys.push_back(value(path + ".max_runs", in_token_budget(&t::max_runs), between(1, 10'000'000),
                       "Sessions remembered at a time; past them a new one is overloaded."));
}

limits entity_policy_limits() {
  return {.max_items = most_entities,
          .members = {{"action", {.choices = {"flag", "block", "review", "pass"}}}, {"mask", {}}}};
}

limits custom_entity_limits() {
  return {.max_items = most_entities,
          .members = {{"patterns", texts(100, &blocked_pattern)},
                      {"context", texts(100, &blocked_word)},
                      {"score", between(0, 1)},
                      {"validator", optional_text(validator_name)}}};
}

void add_pii_keys(std::vector<key>& keys) {
  using p = pii_config;
  const std::string path = "guardrails.pii";
  auto pii = section(path, "Finds and masks personal data; docs/pii.md lists the entities.").check();
  pii.made.may_be_false = true;
  pii.made.open = [](rails_config& config) { config.guardrails.pii = {}; };
  pii.made.present = [](const rails_config& config) { return config.guardrails.pii.enabled; };
  pii.made.runs = [](const rails_config& config) {
    const auto& rails = config.guardrails;
    return rails.pii.enabled && ((rails.input_checks && rails.pii.input_checks) ||
                                 (rails.output_checks && rails.pii.output_checks));
  };
  keys.push_back(std::move(pii));
  const auto add = [&](const char* name, auto member, limits allowed, std::string doc) {
    keys.push_back(value(path + '.' + name, in_pii(member), std::move(allowed), std::move(doc)));
  };
  auto thresholds = between(0, 1);
  thresholds.max_items = most_entities;
  add("enabled", &p::enabled, {}, "Whether texts are checked for it.");
  add("input_checks", &p::input_checks, {}, "The same, for what users write in particular.");
  add("output_checks", &p::output_checks, {}, "The same, for answers in particular.");
  add("language", &p::language, text(language_tag),
      "The language of the texts; numbers of countries that speak another one are looked for when "
      "entity_types names them.");
  add("entity_types", &p::entity_types, texts(most_entities),
      "The entities that are looked for; empty: all of the language.");
  add("entity_thresholds", &p::entity_thresholds, thresholds, "The score that counts, by entity.");
  add("default_confidence_threshold", &p::default_confidence_threshold, between(0, 1),
      "The score that counts for all other entities.");
  add("below_threshold_action", &p::below_threshold_action, {},
      "Whether hits with a lower score are reported; they are never masked.");
  add("default_action", &p::default_action, {.choices = {"flag", "block", "review", "pass"}},
      "What a hit does: report it, fail the text, mark it for review, or nothing.");
  add("default_mask", &p::default_mask, {}, "Whether hits are masked, whatever the action.");
  add("enable_phi_detection", &p::enable_phi_detection, {},
      "Whether health data is looked for (entities that start with PHI_).");
  add("entity_policies", &p::entity_policies, entity_policy_limits(),
      "What departs from default_action and default_mask, by entity.");
  add("mask_format", &p::mask_format, text(mask_format),
      "What stands in the place of a hit; docs/pii.md shows the formats.");
  add("mask_key", &p::mask_key, optional_text(one_line), "The key of the mask format hash.");
  add("custom_entities", &p::custom_entities, custom_entity_limits(), "Own entities, by name.");
  keys.push_back(
    missing(path + ".reversible", missing_form::flag, "Whether the originals come back in the answer."));
}

void add_check_keys(std::vector<key>& keys) {
  using g = guardrails_config;
  keys.push_back(section("guardrails", "The rails before and after the language model."));
  keys.push_back(
    value("guardrails.input_checks", in_guardrails(&g::input_checks), {}, "Whether the input is checked."));
  keys.push_back(value("guardrails.output_checks", in_guardrails(&g::output_checks), {},
                       "Whether the answer is checked."));
  keys.push_back(
    missing("guardrails.check_toxicity", missing_form::flag, "Finds toxic and offensive text.").check());
  keys.push_back(missing("guardrails.toxicity_threshold", missing_form::none,
                         "The confidence above which toxic text is blocked."));
  keys.push_back(missing("guardrails.toxicity", missing_form::section, "Which model judges toxicity."));
  keys.push_back(
    missing("guardrails.block_toxic", missing_form::flag, "Whether toxic text is blocked or only reported."));
  keys.push_back(value("guardrails.check_sensitive_data", in_guardrails(&g::check_sensitive_data), {},
                       "Finds e-mail addresses, card numbers, keys and other sensitive data.")
                   .check());
  keys.push_back(value("guardrails.block_sensitive_data", in_guardrails(&g::block_sensitive_data), {},
                       "Whether sensitive data is blocked or only reported."));
  keys.push_back(missing("guardrails.check_semantic", missing_form::flag,
                         "Finds jailbreaks, prompt injection and harmful requests.")
                   .check());
  keys.push_back(
    missing("guardrails.encoder", missing_form::section, "The encoder that compares texts with routes."));
  keys.push_back(missing("guardrails.routes", missing_form::none, "Classes of content, by example."));
  keys.push_back(
    missing("guardrails.block_classes", missing_form::none, "The classes of content that block."));
  keys.push_back(
    missing("guardrails.check_off_topic", missing_form::flag, "Finds requests beside the allowed topics.")
      .check());
  keys.push_back(missing("guardrails.block_off_topic", missing_form::flag,
                         "Whether such requests are blocked or only reported."));
  keys.push_back(
    missing("guardrails.allowed_topics", missing_form::none, "The topics, each with name and description."));
  keys.push_back(
    missing("guardrails.off_topic_threshold", missing_form::none, "How near to a topic a request must be."));
  keys.push_back(
    value("guardrails.check_sql_syntax", in_guardrails(&g::check_sql_syntax), {}, "Parses SQL in the text.")
      .check());
  keys.push_back(value("guardrails.sql_dialect", in_guardrails(&g::sql_dialect), {},
                       "The dialect SQL is parsed as; docs/sql.md says what is checked for each."));
  add_pii_keys(keys);
  add_token_budget_keys(keys);
  for (const auto& [name, doc] : std::initializer_list<std::pair<const char*, const char*>>{
         {"tool_authorization", "Says who may call which tools."},
         {"rate_limit", "Bounds the requests and tool calls of a session."}})
    keys.push_back(missing(std::string{"guardrails."} + name, missing_form::section, doc).check());
  add_exfiltration_keys(keys);
  keys.push_back(missing("guardrails.storage", missing_form::section, "Where decisions are recorded."));
}

/// The failure action of one check; what is not set follows the default.
field<on_error_action> on_error_of(std::string check) {
  auto get = [check](const rails_config& config) -> std::optional<on_error_action> {
    const auto& chosen = config.guardrails.on_error_by_check;
    const auto found = chosen.find(check);
    return found == chosen.end() ? config.guardrails.on_error : found->second;
  };
  auto set = [check](rails_config& config, on_error_action action) {
    config.guardrails.on_error_by_check[check] = action;
  };
  return {get, set};
}

void add_failure_keys(std::vector<key>& keys) {
  auto on_error = section("guardrails.on_error", "What happens to a text that a check could not judge.");
  on_error.made.scalar_key = "default";
  keys.push_back(std::move(on_error));
  keys.push_back(value("guardrails.on_error.default", in_guardrails(&guardrails_config::on_error), {},
                       "For checks that are not named; `on_error: block` is short for this."));
  for (const auto* check : {"pii", "sensitive_data", "sql_syntax", "block_list", "ban_list", "invisible_text",
                            "urls", "languages", "output_json", "data_exfiltration"})
    keys.push_back(value(std::string{"guardrails.on_error."} + check, on_error_of(check), {},
                         std::string{"For the check "} + check + '.')
                     .by_default("as guardrails.on_error.default"));
  keys.push_back(value("guardrails.input_scope", in_guardrails(&guardrails_config::input_scope), {},
                       "Whether the last user message is judged, or all of them."));
}

field<std::string> message_of(std::string name) {
  auto get = [name](const rails_config& config) {
    return std::optional{std::string{config.guardrails.messages.text(name)}};
  };
  auto set = [name](rails_config& config, std::string text) {
    config.guardrails.messages.set(name, std::move(text));
  };
  return {get, set};
}

void add_message_keys(std::vector<key>& keys) {
  keys.push_back(section("guardrails.messages", "The sentences a user may see."));
  for (const auto& entry : message_catalog::defaults()) {
    const std::string name{entry.key};
    const auto suffix = name.ends_with("_suffix");
    keys.push_back(
      value("guardrails.messages." + name, message_of(name), {.may_be_empty = suffix},
            suffix ? "Follows the sentence of a failed check." : "The sentence for " + name + '.'));
  }
}

// What a list, and what is like one, may do with a match.
limits list_actions() {
  return {.choices = {"block", "flag", "mask"}};
}

void add_list_keys(std::vector<key>& keys) {
  using g = guardrails_config;
  keys.push_back(
    check_section("guardrails.block_list", &g::block_list, "Own words and patterns that may not occur."));
  keys.push_back(value("guardrails.block_list.words", in_section(&g::block_list, &block_list_config::words),
                       texts(100'000, &blocked_word), "Matched as whole words, whatever their case."));
  keys.push_back(value("guardrails.block_list.patterns",
                       in_section(&g::block_list, &block_list_config::patterns),
                       texts(1'000, &blocked_pattern), "Regular expressions of RE2."));
  keys.push_back(value("guardrails.block_list.action", in_section(&g::block_list, &block_list_config::action),
                       list_actions(), "What a match does."));
  keys.push_back(ban_list_key());
  keys.push_back(check_section("guardrails.invisible_text", &g::invisible_text,
                               "Finds characters that cannot be seen, where no script or emoji needs them."));
  keys.push_back(value("guardrails.invisible_text.action",
                       in_section(&g::invisible_text, &invisible_text_config::action), list_actions(),
                       "What such characters do; mask removes them."));
}

void add_url_keys(std::vector<key>& keys) {
  using g = guardrails_config;
  keys.push_back(check_section("guardrails.urls", &g::urls,
                               "Allows or denies hosts, and finds addresses that hide theirs."));
  keys.push_back(value("guardrails.urls.allow", in_section(&g::urls, &urls_config::allow),
                       texts(10'000, &host_entry), "If there are any, other hosts may not occur."));
  keys.push_back(value("guardrails.urls.deny", in_section(&g::urls, &urls_config::deny),
                       texts(10'000, &host_entry), "Hosts that may not occur, whatever is allowed."));
  keys.push_back(value("guardrails.urls.schemes", in_section(&g::urls, &urls_config::schemes),
                       texts(100, &url_scheme), "Schemes that may occur.")
                   .by_default("all but javascript, vbscript and data"));
  keys.push_back(value("guardrails.urls.action", in_section(&g::urls, &urls_config::action), list_actions(),
                       "What an address does that is not allowed."));
}

void add_language_keys(std::vector<key>& keys) {
  using g = guardrails_config;
  keys.push_back(
    check_section("guardrails.languages", &g::languages, "Allows texts in some languages only."));
  keys.push_back(value("guardrails.languages.allow", in_section(&g::languages, &languages_config::allow),
                       texts(100, &language_code), "The languages, by ISO 639-1 code."));
  keys.push_back(value("guardrails.languages.min_bytes",
                       in_section(&g::languages, &languages_config::min_bytes), between(1, 10'000),
                       "Bytes of letters below which a text is too short to tell, and passes."));
  keys.push_back(value("guardrails.languages.threshold",
                       in_section(&g::languages, &languages_config::threshold), between(0.01, 1),
                       "The share of letters in other languages from which on a text fails."));
  keys.push_back(value("guardrails.languages.action", in_section(&g::languages, &languages_config::action),
                       {.choices = {"block", "flag"}}, "What a text in another language does."));
}

void add_output_json_keys(std::vector<key>& keys) {
  using g = guardrails_config;
  auto output_json =
    check_section("guardrails.output_json", &g::output_json, "Answers must be JSON, and fit a schema.");
  output_json.runs = [](const rails_config& config) {
    return config.guardrails.output_checks && config.guardrails.output_json.has_value();
  };
  keys.push_back(std::move(output_json));
  keys.push_back(output_json_schema_key());
  keys.push_back(value("guardrails.output_json.allow_fenced",
                       in_section(&g::output_json, &output_json_config::allow_fenced), {},
                       "Whether the answer may be one fenced block that holds the JSON."));
  keys.push_back(value("guardrails.output_json.action",
                       in_section(&g::output_json, &output_json_config::action),
                       {.choices = {"block", "flag"}}, "What an answer does that does not fit."));
}

void add_missing_lists(std::vector<key>& keys) {
  for (const auto& [name, doc] : std::initializer_list<std::pair<const char*, const char*>>{
         {"self_check_input", "Lets a model judge the input."},
         {"self_check_output", "Lets a model judge the answer."},
         {"groundedness", "Compares the answer with its sources."}})
    keys.push_back(missing(std::string{"guardrails."} + name, missing_form::section, doc).check());
  keys.push_back(missing("server", missing_form::section, "The HTTP gateway."));
  keys.push_back(missing("cluster", missing_form::section, "Further nodes."));
  keys.push_back(missing("cache", missing_form::section, "Answers and verdicts kept for reuse."));
  keys.push_back(missing("storage", missing_form::section, "Defaults for where decisions are recorded."));
}

std::vector<key> make_keys() {
  std::vector<key> keys;
  add_llm_keys(keys);
  add_missing_llm_keys(keys);
  add_check_keys(keys);
  add_failure_keys(keys);
  add_message_keys(keys);
  add_list_keys(keys);
  add_url_keys(keys);
  add_language_keys(keys);
  add_output_json_keys(keys);
  add_missing_lists(keys);
  return keys;
}

} // namespace

std::string_view key::name() const noexcept {
  const std::string_view whole = path;
  return whole.substr(whole.rfind('.') + 1); // npos + 1 is 0
}

std::string_view key::parent() const noexcept {
  const std::string_view whole = path;
  const auto dot = whole.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : whole.substr(0, dot);
}

std::span<const key> all_keys() {
  static const auto keys = make_keys();
  return keys;
}

const key* find_key(std::string_view path) {
  const auto found = std::ranges::find(all_keys(), path, &key::path);
  return found == all_keys().end() ? nullptr : &*found;
}

const rails_config& default_config() {
  static const auto config = [] {
    rails_config made;
    for (const auto& k : all_keys())
      if (k.open)
        k.open(made);
    return made;
  }();
  return config;
}

bool check_is_on(const key& k, const rails_config& config) {
  if (k.kind == key_kind::missing || !(config.guardrails.input_checks || config.guardrails.output_checks))
    return false;
  if (k.runs)
    return k.runs(config);
  return k.kind == key_kind::section ? k.present(config) : k.write(config) == "true";
}

} // namespace guardrails::config
