// A whole run, on as many threads as it is told.
#pragma once

#include "apps/load/plan.hpp"
#include "apps/load/tally.hpp"

#include <chrono>

namespace guardrails::load {

struct outcome {
  tally count;
  std::chrono::duration<double> lasted{}; ///< the run's duration, less if it was interrupted
  bool interrupted = false;
};

/// Returns when every request has an outcome. SIGINT and SIGTERM end the run early.
outcome run(const plan& what);

} // namespace guardrails::load
