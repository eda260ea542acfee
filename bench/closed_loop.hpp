// As many clients as there are connections, each of which asks again as soon as it is answered: the most a
// server gives at that number. (`guardrails load` has the other view, a constant rate.)
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace guardrails::bench {

struct closed_loop_result {
  double per_second = 0;
  double p50 = 0; ///< milliseconds
  double p99 = 0;
  std::uint64_t answered = 0; ///< with status 200
  std::uint64_t failed = 0;
};

/// Asks 127.0.0.1:`port` for `time` after as much again to warm up, a second at most. `request` is whole
/// HTTP.
closed_loop_result run_closed_loop(std::uint16_t port, const std::string& request, int connections,
                                   std::chrono::milliseconds time);

} // namespace guardrails::bench
