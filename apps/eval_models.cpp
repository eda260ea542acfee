// Heads behind the functions that `eval` calls.
#include "apps/eval_models.hpp"

#include "apps/read_file.hpp"
#include "checks/models/head_scorer.hpp"

#include <stdexcept>

namespace guardrails::apps {

namespace models = checks::models;

namespace {

models::head_model heads_of(const std::string& file) {
  if (file.empty())
    return models::embedded_heads();
  const auto bytes = read_file(file);
  try {
    return models::head_model::keeping({bytes.begin(), bytes.end()});
  } catch (const models::model_error& error) {
    throw std::invalid_argument{file + ": " + error.what()};
  }
}

std::optional<head_models::text_model> model_of(std::string_view name, const std::string& file) {
  const auto head = models::head_named(name);
  const auto model = heads_of(file);
  if (!head || !model.has(*head))
    return std::nullopt;
  return head_models::text_model{[model, head = *head](std::string_view text, checks::text_channel) {
                                   return static_cast<double>(models::score(text, model)[head]);
                                 },
                                 static_cast<double>(model.scale(*head).threshold), model.version()};
}

} // namespace

head_models eval_models() {
  return {model_of, {}};
}

} // namespace guardrails::apps
