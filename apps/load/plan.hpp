// What one run is to do.
#pragma once

#include "apps/load/course.hpp"
#include "apps/load/profile.hpp"
#include "apps/load/prompt.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <sys/types.h>

namespace guardrails::load {

struct plan {
  mix prompts;
  profile pace;           ///< the warm-up's included
  bool by_chance = false; ///< requests come as a Poisson process, not evenly
  bool closed = false;    ///< each line asks again once it is answered: of `pace` only the time counts
  std::chrono::nanoseconds warm_up{}; ///< at the start; what is sent in it counts apart
  std::chrono::nanoseconds timeout{}; ///< from a request's intended start
  std::size_t lines = 1;              ///< at most, each with one request at a time
  std::size_t threads = 1;
  stop_rules stop{};
  std::optional<pid_t> watched{}; ///< a process whose use of the machine is told

  std::chrono::nanoseconds duration() const noexcept { return pace.duration() - warm_up; }
};

} // namespace guardrails::load
