// When to repeat a failed attempt: a pure function of what is known about it.
#pragma once

#include <guardrails/rails_config.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace guardrails::llm {

/// One failed attempt. Nothing was answered when `status` is 0.
struct failed_attempt {
  std::uint32_t number = 1;                  ///< counts from 1
  std::uint32_t status = 0;                  ///< HTTP status
  bool nothing_sent = false;                 ///< the connection could not be made
  std::chrono::milliseconds retry_after{-1}; ///< as the upstream asked; negative: it did not
};

/// How long to wait before the next attempt, or nothing when there is to be none: the attempts are used up,
/// the failure is not of a repeatable kind, or the wait would not end before `remaining` has passed.
///
/// The wait is drawn with full jitter, `random * backoff * 2^(number - 1)` for a `random` in [0, 1), and is
/// never shorter than what the upstream asked for (Exponential Backoff And Jitter, AWS Architecture Blog,
/// 2015).
std::optional<std::chrono::milliseconds> wait_before_retry(const retry_config& config,
                                                           const failed_attempt& failure,
                                                           std::chrono::milliseconds remaining,
                                                           double random);

} // namespace guardrails::llm
