// The key table, put together, and what it answers. A new key is one entry in the file of its area.
#include "config/keys.hpp"

#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"

#include <algorithm>

namespace guardrails::config {

namespace {

void add_check_keys(std::vector<key>& keys) {
  using g = guardrails_config;
  keys.push_back(section("guardrails", "The rails before and after the language model."));
  keys.push_back(
    value("guardrails.input_checks", in_guardrails(&g::input_checks), {}, "Whether the input is checked."));
  keys.push_back(value("guardrails.output_checks", in_guardrails(&g::output_checks), {},
                       "Whether the answer is checked."));
  keys.push_back(value("guardrails.check_toxicity", in_guardrails(&g::check_toxicity), {},
                       "Finds toxic and offensive text.")
                   .check());
  keys.push_back(value("guardrails.toxicity_threshold", in_guardrails(&g::toxicity_threshold), between(0, 1),
                       "The confidence above which toxic or offensive text counts."));
  add_judge_keys(keys, "guardrails.toxicity", &g::toxicity, "A remote judge of toxicity");
  keys.push_back(value("guardrails.block_toxic", in_guardrails(&g::block_toxic), {},
                       "Whether toxic text is blocked or only reported."));
  keys.push_back(value("guardrails.check_sensitive_data", in_guardrails(&g::check_sensitive_data), {},
                       "Finds e-mail addresses, card numbers, keys and other sensitive data.")
                   .check());
  keys.push_back(value("guardrails.block_sensitive_data", in_guardrails(&g::block_sensitive_data), {},
                       "Whether sensitive data is blocked or only reported."));
  keys.push_back(value("guardrails.check_semantic", in_guardrails(&g::check_semantic), {},
                       "Finds jailbreaks, prompt injection, code injection and harmful requests, and answers "
                       "that assert what they are not sure of.")
                   .check());
  keys.push_back(
    missing("guardrails.encoder", missing_form::section, "The encoder that compares texts with routes."));
  add_route_keys(keys);
  add_judge_keys(keys, "guardrails.content_class", &g::content_class, "A remote judge of the content class");
  keys.push_back(value("guardrails.block_classes", in_guardrails(&g::block_classes), texts(64, &one_line),
                       "The classes of content that block; others are only reported.")
                   .by_default("all classes"));
  keys.push_back(
    value("guardrails.heads", in_guardrails(&g::heads), optional_text(one_line),
          "A file that `guardrails train` wrote: its heads take the place of the embedded ones."));
  add_topic_keys(keys);
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
  for (const auto* check :
       {"toxicity", "pii", "sensitive_data", "semantic_class", "routes", "off_topic", "sql_syntax",
        "block_list", "ban_list", "invisible_text", "urls", "languages", "output_json", "data_exfiltration"})
    keys.push_back(value(std::string{"guardrails.on_error."} + check, on_error_of(check), {},
                         std::string{"For the check "} + check + '.')
                     .follows("guardrails.on_error.default"));
  keys.push_back(value("guardrails.input_scope", in_guardrails(&guardrails_config::input_scope), {},
                       "Whether the last user message is judged, or all of them."));
  keys.push_back(value("guardrails.decode_runs", in_guardrails(&guardrails_config::decode_runs), {},
                       "Whether percent-, Base64- and hex-encoded runs are judged decoded as well."));
  keys.push_back(value("guardrails.streaming", in_guardrails(&guardrails_config::streaming), {},
                       "Whether checks that need a whole answer hold a stream back, or judge at the end what "
                       "was shown."));
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

void add_missing_lists(std::vector<key>& keys) {
  for (const auto& [name, doc] : std::initializer_list<std::pair<const char*, const char*>>{
         {"self_check_input", "Lets a model judge the input."},
         {"self_check_output", "Lets a model judge the answer."},
         {"groundedness", "Compares the answer with its sources."}})
    keys.push_back(missing(std::string{"guardrails."} + name, missing_form::section, doc).check());
  keys.push_back(missing("server", missing_form::section, "The HTTP gateway."));
  add_cluster_keys(keys);
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
