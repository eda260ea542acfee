// The course of a run: what happened in each interval of it.
#pragma once

#include "apps/load/latency_histogram.hpp"
#include "apps/load/watched_process.hpp"

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>

namespace guardrails::load {

/// What happened in one interval, as it is counted.
struct recent {
  std::uint64_t intended = 0;
  std::uint64_t good = 0;
  std::uint64_t bad = 0;     ///< answers that were not good, and requests that failed
  latency_histogram latency; ///< of answers that came in it

  void merge(const recent& other) noexcept;
};

/// The same as it is told; a second and in milliseconds.
struct moment {
  double at = 0; ///< its end, in seconds from where counting began
  double offered = 0;
  double good = 0;
  double bad = 0;
  double p50 = 0;
  double p99 = 0;
  std::optional<process_usage> process; ///< of the one that is watched
};

moment tell(const recent& what, std::chrono::duration<double> end, std::chrono::duration<double> length);

/// A second, less in short runs.
std::chrono::milliseconds interval_of(std::chrono::nanoseconds duration) noexcept;

/// When a run is to be ended before its time.
struct stop_rules {
  double bad_share = 1;            ///< of all outcomes; above it
  std::chrono::nanoseconds p99{0}; ///< above it; 0: whatever it is
};

/// Which rule an interval broke; none with fewer than 20 outcomes.
std::optional<std::string> broken_rule(const stop_rules& rules, const recent& what);

/// With a line of names; `run` is the first column.
void print_csv_head(std::ostream& out);
void print_csv(std::ostream& out, std::size_t run, std::span<const moment> course);

} // namespace guardrails::load
