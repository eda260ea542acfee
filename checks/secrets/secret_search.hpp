// Finds the secrets of a text.
#pragma once

#include "checks/check.hpp"
#include "checks/pattern_engine.hpp"
#include "checks/secrets/secret_form.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks::secrets {

/// Names every secret in `only` lists and labels.
inline constexpr std::string_view secret_label = "Secret";

/// Compiled forms of secrets: immutable, thread-safe, linear in the length of the text.
class secret_search {
public:
  /// Registers the forms that may report one of `entities`; all where `entities` is empty or has
  /// secret_label.
  secret_search(std::span<const std::string> entities, std::shared_ptr<policy_patterns> patterns);

  /// The secrets whose score reaches `threshold`, by place, none overlapping. Past `most` of them the rest of
  /// the text counts as one.
  std::vector<secret> find(const scanned_text& scanned, double threshold, std::size_t most) const;

private:
  struct compiled_form {
    pattern_id id;
    secret_form form;
  };

  bool is_wanted(const secret& found) const;

  std::vector<compiled_form> forms_;
  std::vector<std::string> entities_; // those looked for; empty: all
  std::shared_ptr<const policy_patterns> patterns_;
};

/// Whether a name is that of a secret.
bool is_secret_entity(std::string_view name);

} // namespace guardrails::checks::secrets
