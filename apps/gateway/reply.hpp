// What an endpoint answers, before it is HTTP.
#pragma once

#include "apps/gateway/api_error.hpp"
#include "apps/gateway/body_source.hpp"

#include <guardrails/generation.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::gateway {

struct reply {
  unsigned status = 200;
  std::string body;
  std::string_view type = "application/json";
  std::string config_version{};  ///< of the configuration that judged; empty: none did
  std::uint32_t retry_after = 0; ///< seconds; 0: no such header
  std::string_view allow{};      ///< methods, with status 405
  bool asks_for_key = false;     ///< with status 401
  std::string_view
    headers{}; ///< further lines, each with its end; of something that lives as long as the service
  std::optional<block_reason> blocked{};
  std::unique_ptr<body_source> rest{}; ///< of the body; null: there is no more
  std::shared_ptr<void> place{};       ///< what the request holds until it is answered
};

inline reply reply_of(const api_error& problem) {
  reply answer{problem.status, body_of(problem)};
  answer.retry_after = problem.retry_after;
  answer.asks_for_key = problem.status == 401;
  return answer;
}

} // namespace guardrails::gateway
