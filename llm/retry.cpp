// When to repeat a failed attempt.
#include "llm/retry.hpp"

#include <algorithm>
#include <cmath>

namespace guardrails::llm {

namespace {

constexpr std::uint32_t largest_doubling = 16;

bool repeatable(const retry_config& config, const failed_attempt& failure) {
  return failure.nothing_sent || std::ranges::find(config.retry_on, failure.status) != config.retry_on.end();
}

} // namespace

std::optional<std::chrono::milliseconds> wait_before_retry(const retry_config& config,
                                                           const failed_attempt& failure,
                                                           std::chrono::milliseconds remaining,
                                                           double random) {
  if (failure.number > config.max || !repeatable(config, failure))
    return std::nullopt;
  const auto doublings = std::min(failure.number - 1, largest_doubling);
  const auto ceiling = static_cast<double>(config.backoff.count()) * std::exp2(doublings);
  const std::chrono::milliseconds drawn{static_cast<std::int64_t>(random * ceiling)};
  const auto wait = std::max(drawn, failure.retry_after);
  if (wait >= remaining)
    return std::nullopt;
  return wait;
}

} // namespace guardrails::llm
