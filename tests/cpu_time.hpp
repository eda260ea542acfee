// Time that does not count what else the machine does.
#pragma once

#include <algorithm>
#include <ctime>
#include <limits>

namespace guardrails::test {

/// Seconds of processor time that this thread has taken.
inline double thread_cpu_seconds() noexcept {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Seconds of processor time that `work` takes in this thread.
template <class Work>
double cpu_seconds(Work&& work) {
  const auto begin = thread_cpu_seconds();
  work();
  return thread_cpu_seconds() - begin;
}

/// The least of several times, since what else runs takes caches and pages away.
template <class Work>
double least_cpu_seconds(Work&& work) {
  constexpr int times = 5;
  double least = std::numeric_limits<double>::max();
  for (int i = 0; i < times; ++i)
    least = std::min(least, cpu_seconds(work));
  return least;
}

} // namespace guardrails::test
