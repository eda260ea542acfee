// The keys of lists and of what is like them: words, hosts, languages, JSON.
#include "config/ban_list_key.hpp"
#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"
#include "config/schema_key.hpp"

namespace guardrails::config {

namespace {

// What a list, and what is like one, may do with a match.
limits list_actions() {
  return {.choices = {"block", "flag", "mask"}};
}

} // namespace

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

} // namespace guardrails::config
