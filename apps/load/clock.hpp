// The clock of all times of a run.
#pragma once

#include <chrono>

namespace guardrails::load {

using clock = std::chrono::steady_clock;

} // namespace guardrails::load
