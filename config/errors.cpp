// The sentence a configuration error says.
#include <guardrails/errors.hpp>

#include <utility>

namespace guardrails {

namespace {

std::string sentence(const config_position& where, const std::string& key_path, const std::string& problem,
                     const std::string& suggestion) {
  auto text = where.source;
  if (where.line > 0) {
    text += ':' + std::to_string(where.line);
    if (where.column > 0)
      text += ':' + std::to_string(where.column);
  }
  if (!text.empty())
    text += ": ";
  if (!key_path.empty())
    text += key_path + ": ";
  text += problem;
  if (!suggestion.empty())
    text += " (did you mean `" + suggestion + "`?)";
  return text;
}

} // namespace

config_error::config_error(config_position where, std::string key_path, std::string problem,
                           std::string suggestion)
  : std::runtime_error{sentence(where, key_path, problem, suggestion)}
  , where_{std::move(where)}
  , key_path_{std::move(key_path)}
  , problem_{std::move(problem)}
  , suggestion_{std::move(suggestion)} {}

} // namespace guardrails
