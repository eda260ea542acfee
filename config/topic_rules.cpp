// Every class has a name of its own and something to go by.
#include "config/topic_rules.hpp"

#include "checks/semantic/content_class.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace guardrails::config {

namespace {

constexpr std::string_view topics_key = "guardrails.allowed_topics";
constexpr std::string_view routes_key = "guardrails.routes";
constexpr std::string_view blocked_key = "guardrails.block_classes";

std::string element(std::string_view key, std::size_t index) {
  return std::string{key}.append("[").append(std::to_string(index)).append("]");
}

topic_problem problem_at(std::string_view key, std::string path, std::string problem) {
  return {std::string{key}, std::move(path), std::move(problem)};
}

std::optional<topic_problem> of_topics(const guardrails_config& config) {
  const auto& topics = config.allowed_topics;
  if (config.check_off_topic && topics.empty())
    return problem_at("guardrails.check_off_topic", std::string{topics_key},
                      "is empty; check_off_topic needs at least one topic");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    const auto at = element(topics_key, i);
    if (topics[i].name.empty())
      return problem_at(topics_key, at + ".name", "is missing; a topic requires it");
    if (!names.insert(topics[i].name).second)
      return problem_at(topics_key, at + ".name", "is the name of another topic; expected a new one");
    if (topics[i].description.empty() && topics[i].examples.empty())
      return problem_at(topics_key, at + ".description",
                        "is missing; a topic requires a description or examples");
  }
  return std::nullopt;
}

std::optional<topic_problem> of_routes(const guardrails_config& config) {
  const auto& built_in = checks::semantic::class_names;
  std::vector<std::string_view> known{built_in.begin(), built_in.end()};
  for (std::size_t i = 0; i < config.routes.size(); ++i) {
    const auto& route = config.routes[i];
    const auto at = element(routes_key, i);
    if (route.name.empty())
      return problem_at(routes_key, at + ".name", "is missing; a route requires it");
    if (std::ranges::find(known, route.name) != known.end())
      return problem_at(routes_key, at + ".name", "is the name of another class; expected a new one");
    if (route.utterances.empty())
      return problem_at(routes_key, at + ".utterances", "is missing; a route requires at least one");
    known.emplace_back(route.name);
  }
  for (std::size_t i = 0; i < config.block_classes.size(); ++i)
    if (std::ranges::find(known, config.block_classes[i]) == known.end())
      return problem_at(blocked_key, element(blocked_key, i), "is not a class; there are " + either(known));
  return std::nullopt;
}

} // namespace

std::optional<topic_problem> problem_of_topics(const guardrails_config& config) {
  auto found = of_topics(config);
  return found ? found : of_routes(config);
}

} // namespace guardrails::config
