// The Retry-After header: seconds, or a date.
#pragma once

#include <chrono>
#include <ctime>
#include <string_view>

namespace guardrails::net {

/// How long to wait, at most a year; a date in the past is zero, anything else than seconds or a date is
/// negative.
std::chrono::milliseconds parse_retry_after(std::string_view value, std::time_t now);

} // namespace guardrails::net
