// How a runtime uses the machine; what it does is in the configuration.
#pragma once

#include <cstddef>
#include <cstdint>

namespace guardrails {

/// How CAF's worker threads find work.
enum class scheduler_policy : std::uint8_t {
  stealing, ///< highest throughput; 15–20 % of a core while nearly idle
  sharing,  ///< next to nothing while idle: for embedding in an interactive program
};

/// Read once, when a runtime starts.
struct runtime_options {
  std::size_t threads = 0; ///< scheduler threads of an actor system of our own; 0: one per core
  std::size_t lanes = 0;   ///< chains of checker, client, checker; 0: two per scheduler thread
  scheduler_policy policy = scheduler_policy::stealing; ///< of an actor system of our own
  bool network = false; ///< whether nodes may be connected later; where the configuration names some they are
};

} // namespace guardrails
