// The key table in words, for `config show --keys` and docs/configuration.md.
#pragma once

#include <string>
#include <vector>

namespace guardrails::config {

struct key_documentation {
  std::string path;
  std::string type;
  std::string doc;           ///< one sentence
  std::string default_value; ///< as in YAML, or in words
  std::string allowed;       ///< range or choices; may be empty
  bool available = true;     ///< false: refused in this version
};

/// Every key, in the order of the specification.
std::vector<key_documentation> documented_keys();

/// One line per key, for a terminal.
std::string keys_as_text();

/// The content of docs/configuration.md.
std::string keys_as_markdown();

} // namespace guardrails::config
