// What `guardrails config show --stats` prints: how large a policy becomes, and how long compiling it takes.
#pragma once

#include "checks/policy_size.hpp"

#include <guardrails/rails_config.hpp>

#include <boost/json.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace guardrails::apps {

struct policy_stats {
  checks::policy_size size;
  std::size_t vocabulary_tokens = 0; ///< 0: no vocabulary, tokens are estimated
  std::chrono::duration<double, std::milli> compile_time{};
};

/// Compiles `config` as a server would. Throws config_error.
policy_stats measure_policy(const rails_config& config);

/// One line a figure.
std::string to_text(const policy_stats& stats);

boost::json::object to_json(const policy_stats& stats);

} // namespace guardrails::apps
