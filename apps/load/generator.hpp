// A whole run, on as many threads as it is told.
#pragma once

#include "apps/load/plan.hpp"
#include "apps/load/tally.hpp"
#include "apps/load/target.hpp"

#include <chrono>
#include <vector>

namespace guardrails::load {

struct outcome {
  tally count;
  std::vector<tally> kinds;               ///< the same by kind of prompt
  std::chrono::duration<double> lasted{}; ///< the run's duration, less if it was interrupted
  bool interrupted = false;
};

/// Returns when every request has an outcome. SIGINT and SIGTERM end the run early.
outcome run(const plan& what, target& aim);

} // namespace guardrails::load
