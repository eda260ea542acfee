// Time that does not count what else the machine does.
#pragma once

#include <ctime>

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

} // namespace guardrails::test
