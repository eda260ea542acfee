// `${NAME}` and `${NAME:-default}` inside scalars.
#pragma once

#include <guardrails/rails_config.hpp>

#include <string>
#include <string_view>

namespace guardrails::config {

struct expansion {
  std::string text;
  bool used_environment = false; ///< such a text may be a secret: no error ever quotes it
  std::string problem;           ///< what is wrong, empty if nothing is
};

/// Replaces every reference; `$${` stands for a literal `${`. The result is data and never read as YAML
/// again.
expansion expand(std::string_view text, const rails_config::environment& env);

/// Escapes `text` so that expand() gives it back unchanged.
std::string escape_references(std::string_view text);

} // namespace guardrails::config
