// Heads behind the functions that `eval` calls.
#include "apps/eval_models.hpp"

#include "apps/read_file.hpp"
#include "checks/models/head_scorer.hpp"
#include "checks/normalise.hpp"
#include "checks/similarity/background_encoder.hpp"
#include "checks/topics.hpp"

#include <memory>
#include <stdexcept>

namespace guardrails::apps {

namespace models = checks::models;
namespace similarity = checks::similarity;

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

std::shared_ptr<const similarity::encoder> encoder_of(const std::string& file) {
  if (file.empty())
    return {std::shared_ptr<void>{}, &similarity::embedded_encoder()};
  const auto bytes = read_file(file);
  try {
    return std::make_shared<similarity::background_encoder>(
      similarity::background::keeping({bytes.begin(), bytes.end()}));
  } catch (const similarity::model_error& error) {
    throw std::invalid_argument{file + ": " + error.what()};
  }
}

std::optional<head_models::topic_model> topics_of(const std::string& file) {
  const auto by = encoder_of(file);
  const auto scorer = [by](const allowed_topic& topic) -> train::text_scorer {
    guardrails_config config;
    config.allowed_topics = {topic};
    return [by, topics = checks::allowed_topics(config, *by)](std::string_view text, checks::text_channel) {
      return 1 - topics.nearest(checks::normalise(text).text()).nearness;
    };
  };
  return head_models::topic_model{scorer, 1 - similarity::usual_nearness, by->version()};
}

} // namespace

head_models eval_models() {
  return {model_of, topics_of};
}

} // namespace guardrails::apps
