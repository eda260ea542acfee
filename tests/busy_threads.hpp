// For tests of what happens while all judging threads are busy.
#pragma once

#include "actors/judging_threads.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>

namespace guardrails::test {

/// Waits until `condition` holds, for half a minute at most: only a hang reaches it.
template <class Condition>
bool eventually(Condition condition) {
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
       std::chrono::steady_clock::now() < end;) {
    if (condition())
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return condition();
}

/// Keeps all threads of a pool, which must be idle or about to be, busy until it ends.
class occupation {
public:
  explicit occupation(actors::judging_threads& judging) {
    const auto busy = std::make_shared<std::atomic<std::size_t>>(0);
    for (std::size_t i = 0; i < judging.size(); ++i)
      judging.run({1, [] { return false; },
                   [busy, lasts = lasts_](const checks::stop_function& stop) {
                     ++*busy;
                     while (*lasts && !stop())
                       std::this_thread::sleep_for(std::chrono::milliseconds{1});
                   }});
    eventually([&] { return *busy == judging.size(); });
  }
  ~occupation() { end(); }
  occupation(const occupation&) = delete;
  occupation& operator=(const occupation&) = delete;

  void end() noexcept { *lasts_ = false; }

private:
  // Shared with the threads, which may see its end later than whoever ended it.
  std::shared_ptr<std::atomic<bool>> lasts_ = std::make_shared<std::atomic<bool>>(true);
};

} // namespace guardrails::test
