// One way in which secrets are written: a pattern that finds candidates and a function that confirms them.
#pragma once

#include "checks/pattern_engine.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks::secrets {

/// A confirmed secret.
struct secret {
  match_range where;
  std::string_view entity;  ///< stable name, as AWS_ACCESS_KEY; lives as long as the program
  std::string_view pattern; ///< what it was recognised by: a prefix or the form's name; lives as long
  double score = 0;         ///< 0..1
};

/// What a verifier says: the secret, if there is one, where the search for the next candidate begins, and the
/// secrets around it that the candidate announces.
struct secret_verdict {
  std::optional<secret> hit;
  std::size_t resume = 0;
  std::vector<secret> announced = {};
};

/// A way of writing. The expression is what the policy's shared gate sees, so it is short and starts with a
/// literal wherever it can; whatever is wide is left to `verify`, which looks at a bounded number of bytes
/// around the candidate, or resumes past whatever it looked at.
struct secret_form {
  std::string_view name;
  std::string expression; ///< RE2, of bounded width
  std::function<secret_verdict(std::string_view text, match_range candidate)> verify;
};

// Each in its own file.
secret_form prefixed_token_form();
secret_form assignment_form();
secret_form authorization_form();
secret_form command_line_user_form();
secret_form connection_string_form();
secret_form json_web_token_form();
secret_form wrapped_web_token_form();
secret_form private_key_form();
secret_form kubernetes_secret_form();
std::vector<secret_form> anchored_token_forms();

/// All of them.
std::vector<secret_form> all_secret_forms();

/// The entities they may report, without duplicates, in alphabetical order.
std::vector<std::string_view> all_secret_entities();

} // namespace guardrails::checks::secrets
