// When to repeat a failed attempt.
#include "llm/retry.hpp"

#include <algorithm>
#include <cmath>

namespace guardrails::llm {

namespace {

constexpr std::uint32_t largest_doubling = 16;

constexpr std::uint32_t unavailable = 503;
constexpr std::uint32_t site_overloaded = 529; // what some providers say in place of it

bool repeatable(const retry_config& config, const failed_attempt& failure) {
  const auto listed = [&](std::uint32_t status) {
    return std::ranges::find(config.retry_on, status) != config.retry_on.end();
  };
  return failure.nothing_sent || listed(failure.status) ||
         (failure.status == site_overloaded && listed(unavailable));
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
