// Renders the key table as text and as Markdown.
#include "config/documentation.hpp"

#include "config/keys.hpp"

namespace guardrails::config {

namespace {

std::string default_of(const key& k) {
  if (!k.default_words.empty())
    return {};
  if (k.kind == key_kind::section)
    return k.present ? "not set" : "";
  if (k.kind == key_kind::missing)
    return k.form == missing_form::none ? "not set" : "false";
  return k.write(default_config()).value_or("not set");
}

std::string cell(const std::string& text) {
  std::string escaped;
  for (const auto c : text)
    escaped += c == '|' ? std::string{"\\|"} : std::string{c};
  return escaped;
}

std::string code(const std::string& text) {
  return text.empty() ? text : '`' + cell(text) + '`';
}

std::string row(const key_documentation& k) {
  const auto type = k.allowed.empty() ? k.type : k.type + ": " + k.allowed;
  return "| " + code(k.path) + " | " + cell(type) + " | " + code(k.default_value) + cell(k.default_words) +
         " | " + cell(k.doc) + " |\n";
}

constexpr const char* introduction = R"(# Configuration

<!-- Generated from the key table in config/keys.cpp; tests compare. -->

One YAML file configures the rails. Reading is strict: an unknown key, a wrong type, a duplicate or a value out of range
is an error that names file, line, column, key, what was expected and the nearest known key.

- `${NAME}` and `${NAME:-default}` in a value are replaced from the environment; `$${` stands for a literal `${`. The
  result is data: it never becomes YAML structure. Without a default, a missing variable is an error.
- Booleans are `true` and `false`. Durations are `50ms`, `5s`, `1.5s`, `2m`, `1h`, or a bare number of seconds.
- `on_error: block` is short for `on_error: {default: block}`. `block_list: false` leaves the list out, as does
  `false` for every section of a check.
- A list of `ban_list` is a list of words, or `{words: [...], action: flag}`.
- Secrets show as `***` wherever a configuration is written.

`guardrails config validate FILE` checks a file, `guardrails config show FILE` prints every key with its value, and
`guardrails config show --keys` prints this list.

)";

constexpr const char* table_head = "| Key | Type | Default | Meaning |\n|---|---|---|---|\n";

} // namespace

std::vector<key_documentation> documented_keys() {
  std::vector<key_documentation> result;
  for (const auto& k : all_keys())
    result.push_back(
      {k.path, k.type, k.doc, default_of(k), k.default_words, k.allowed, k.kind != key_kind::missing});
  return result;
}

std::string keys_as_text() {
  std::string text;
  for (const auto& k : documented_keys()) {
    text += k.path + " (" + k.type + (k.allowed.empty() ? "" : ": " + k.allowed) + ')';
    if (const auto default_text = k.default_value + k.default_words; !default_text.empty())
      text += " [" + default_text + ']';
    text += "\n    " + k.doc + (k.available ? "" : " Not available in this version.") + '\n';
  }
  return text;
}

std::string keys_as_markdown() {
  std::string available;
  std::string unavailable;
  for (const auto& k : documented_keys()) {
    if (k.available)
      available += row(k);
    else
      unavailable += "- " + code(k.path) + ": " + k.doc + '\n';
  }
  return std::string{introduction} + "## Keys\n\n" + table_head + available +
         "\n## Not available in this version\n\nThese keys are refused by name; those that switch a feature "
         "may be "
         "`false`.\n\n" +
         unavailable;
}

} // namespace guardrails::config
