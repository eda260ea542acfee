// When each request of a run is meant to start; nothing that happens during the run changes it.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

namespace guardrails::load {

using clock = std::chrono::steady_clock;

/// Of a run's evenly spaced requests, those that one thread of several sends: every `threads`-th.
class schedule {
public:
  schedule(clock::time_point start, double rate, std::chrono::nanoseconds duration, std::uint64_t thread = 0,
           std::uint64_t threads = 1) noexcept
    : start_{start}
    , end_{start + duration}
    , gap_{1e9 / rate}
    , thread_{thread}
    , threads_{threads} {
    // A rounding error must not add a request at the very end.
    const auto all =
      static_cast<std::uint64_t>(std::ceil(static_cast<double>(duration.count()) / gap_ - 1e-6));
    count_ = all > thread ? (all - thread - 1) / threads + 1 : 0;
  }

  std::uint64_t count() const noexcept { return count_; }

  clock::time_point at(std::uint64_t number) const noexcept {
    const auto position = static_cast<double>(this->number(number)) * gap_;
    return start_ + std::chrono::nanoseconds{static_cast<std::int64_t>(position)};
  }

  /// Which of the whole run's requests one of this thread's is.
  std::uint64_t number(std::uint64_t own) const noexcept { return thread_ + own * threads_; }

  clock::time_point start() const noexcept { return start_; }
  clock::time_point end() const noexcept { return end_; }

private:
  clock::time_point start_;
  clock::time_point end_;
  double gap_; ///< nanoseconds from one request of the run to the next
  std::uint64_t thread_;
  std::uint64_t threads_;
  std::uint64_t count_ = 0;
};

} // namespace guardrails::load
