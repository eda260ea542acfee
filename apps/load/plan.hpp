// What one run is to do.
#pragma once

#include "apps/load/prompt.hpp"

#include <chrono>
#include <cstddef>

namespace guardrails::load {

struct plan {
  mix prompts;
  double rate = 1; ///< a second
  std::chrono::nanoseconds duration{};
  std::chrono::nanoseconds timeout{}; ///< from a request's intended start
  std::size_t lines = 1;              ///< at most, each with one request at a time
  std::size_t threads = 1;
};

} // namespace guardrails::load
