// A whole run, on as many threads as it is told.
#pragma once

#include "apps/load/course.hpp"
#include "apps/load/plan.hpp"
#include "apps/load/tally.hpp"
#include "apps/load/target.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace guardrails::load {

struct outcome {
  tally count;
  std::vector<tally> kinds; ///< the same by kind of prompt
  tally warm_up;
  std::vector<moment> course;
  std::chrono::duration<double> lasted{}; ///< the run's duration, less if it was ended early
  bool interrupted = false;
  std::string stopped_by; ///< the rule that ended it; empty: none did
};

/// Returns when every request has an outcome. SIGINT and SIGTERM end the run early. `watch` is told the
/// course so far after each interval.
outcome run(const plan& what, target& aim, const std::function<void(std::span<const moment>)>& watch);

} // namespace guardrails::load
