// Topics and routes become classes.
#include "checks/topics.hpp"

namespace guardrails::checks {

similarity::class_set allowed_topics(const guardrails_config& config, const similarity::encoder& by) {
  std::vector<similarity::described_class> classes;
  for (const auto& topic : config.allowed_topics)
    classes.push_back({topic.name, topic.description, topic.examples});
  return {classes, by};
}

similarity::class_set own_routes(const guardrails_config& config, const similarity::encoder& by) {
  std::vector<similarity::described_class> classes;
  for (const auto& route : config.routes)
    classes.push_back({route.name, {}, route.utterances, true});
  return {classes, by};
}

} // namespace guardrails::checks
