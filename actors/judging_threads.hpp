// The threads on which long texts are judged, so that none holds up a scheduler thread and with it every
// actor.
#pragma once

#include "checks/check.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace guardrails::actors {

/// Up to this size texts are judged where they are: even the most finding-rich one takes a few milliseconds.
inline constexpr std::size_t longest_inline_text = 64 << 10;

/// A fixed number of threads, started with the first work. The queue is bounded by admission. Thread-safe.
class judging_threads {
public:
  /// Judges, and stops early when its argument says so; must not throw.
  using work = std::function<void(const checks::stop_function& stop)>;

  /// Half of the processors, at least one.
  judging_threads();
  explicit judging_threads(std::size_t threads);
  ~judging_threads();
  judging_threads(const judging_threads&) = delete;
  judging_threads& operator=(const judging_threads&) = delete;

  /// Runs `w` on one of the threads; after stop() drops it.
  void run(work w);

  /// Stops what is under way, drops what waits and ends the threads.
  void stop() noexcept;

private:
  struct queue;

  std::shared_ptr<queue> queue_; // the threads hold it too: one of them may be the last holder of us
  std::size_t threads_;
};

} // namespace guardrails::actors
