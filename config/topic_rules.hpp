// What topics, routes and the classes that block must be beyond their types.
#pragma once

#include <guardrails/rails_config.hpp>

#include <optional>
#include <string>

namespace guardrails::config {

struct topic_problem {
  std::string key;  ///< where it is told
  std::string path; ///< what it is about
  std::string problem;
};

/// The first problem, or nothing.
std::optional<topic_problem> problem_of_topics(const guardrails_config& config);

} // namespace guardrails::config
