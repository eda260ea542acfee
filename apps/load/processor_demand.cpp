// Asks the kernel's scheduler; where it keeps no such account, the thread's processor time.
#include "apps/load/processor_demand.hpp"

#include <cstdint>
#include <ctime>
#include <fstream>

namespace guardrails::load {

std::chrono::nanoseconds processor_demand() {
  std::int64_t ran = 0;
  std::int64_t waited = 0;
  if (std::ifstream{"/proc/thread-self/schedstat"} >> ran >> waited && ran > 0)
    return std::chrono::nanoseconds{ran + waited};
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

} // namespace guardrails::load
