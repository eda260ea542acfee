// How much of a processor the calling thread asks for.
#pragma once

#include <chrono>

namespace guardrails::load {

/// The time for which this thread has run, or was ready to run while the processors were taken by others.
std::chrono::nanoseconds processor_demand();

} // namespace guardrails::load
