// Replaces references to environment variables, left to right and once.
#include "config/environment.hpp"

#include "config/printable.hpp"

#include <algorithm>

namespace guardrails::config {

namespace {

constexpr std::size_t longest_result = 1u << 20;

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && !digit(name[0]) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || digit(c); });
}

/// Appends what `reference` (the part between the braces) stands for.
void append_reference(std::string_view reference, const rails_config::environment& env, expansion& result) {
  const auto separator = reference.find(":-");
  const std::string name{reference.substr(0, separator)};
  if (!is_name(name)) {
    result.problem = "`${" + printable(name, 40) + "}` does not name an environment variable";
    return;
  }
  if (reference.find("${") != std::string_view::npos) {
    result.problem = "the default of `${" + name + ":-…}` may not refer to another variable";
    return;
  }
  auto value = env(name);
  // As in a shell, an empty variable counts as missing where there is a default.
  if (separator != std::string_view::npos && (!value || value->empty())) {
    result.text += reference.substr(separator + 2);
    return;
  }
  if (!value) {
    result.problem = "environment variable " + name +
                     " is not set; expected a value, or a default as in `${" + name + ":-default}`";
    return;
  }
  result.text += *value;
}

} // namespace

expansion expand(std::string_view text, const rails_config::environment& env) {
  expansion result;
  for (std::size_t at = 0; at < text.size() && result.problem.empty();) {
    const auto rest = text.substr(at);
    if (rest.starts_with("$${")) {
      result.text += "${";
      at += 3;
    } else if (rest.starts_with("${")) {
      const auto end = rest.find('}');
      if (end == std::string_view::npos) {
        result.problem = "`${` without a closing `}`; write `$${` for a literal `${`";
        break;
      }
      result.used_environment = true;
      append_reference(rest.substr(2, end - 2), env, result);
      at += end + 1;
    } else {
      result.text += rest[0];
      ++at;
    }
    if (result.text.size() > longest_result)
      result.problem = "is longer than 1 MiB once its environment variables are replaced";
  }
  return result;
}

std::string escape_references(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("${"))
      result += '$';
    result += text[at];
  }
  return result;
}

} // namespace guardrails::config
