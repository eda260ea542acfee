// Time that does not count what else the machine does.
#pragma once

#include <ctime>

namespace guardrails::test {

/// Seconds of processor time that `work` takes in this thread.
template <class Work>
double cpu_seconds(Work&& work) {
  timespec begin{};
  timespec end{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
  work();
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
  return static_cast<double>(end.tv_sec - begin.tv_sec) +
         1e-9 * static_cast<double>(end.tv_nsec - begin.tv_nsec);
}

} // namespace guardrails::test
