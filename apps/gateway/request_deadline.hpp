// The header x-guardrails-deadline-ms.
#pragma once

#include "apps/gateway/reply.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace guardrails::gateway {

constexpr std::chrono::milliseconds longest_deadline{3'600'000};

/// For the judging alone, where neither the request nor a model's section of the configuration names one.
constexpr std::chrono::milliseconds judging_deadline{30'000};

/// 0: there is none. Absent: it is no deadline.
std::optional<std::chrono::milliseconds> read_deadline(std::string_view text);

/// To who sent one that is none.
reply wrong_deadline();

} // namespace guardrails::gateway
