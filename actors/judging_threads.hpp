// The threads on which long texts are judged, so that none holds up a scheduler thread and with it every
// actor.
#pragma once

#include "checks/check.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace guardrails::actors {

/// Up to this size texts are judged where they are: even the most finding-rich one takes a few milliseconds.
inline constexpr std::size_t longest_inline_text = 8 << 10;

/// A few threads, started with the first work. Of common texts the shortest comes first; huge ones wait in a
/// line of their own for their turns on all threads but one, so that neither kind keeps the other waiting.
/// Thread-safe.
class judging_threads {
public:
  static constexpr std::size_t longest_common_text = 1 << 20;
  static constexpr std::size_t most_waiting = 16'384; ///< works
  static constexpr std::size_t most_waiting_bytes = 128u
                                                    << 20; ///< of common texts together, and of huge ones

  /// A judgement to make. Neither function may throw.
  struct work {
    std::size_t bytes = 0;          ///< of its text
    std::function<bool()> unwanted; ///< true, and from then on: nobody waits any more
    /// Called once, unless stop() comes first. When `stop` holds from the beginning, perhaps by run().
    std::function<void(const checks::stop_function& stop)> judge;
  };

  /// Half of the processors, at least two.
  judging_threads();
  explicit judging_threads(std::size_t threads);
  ~judging_threads();
  judging_threads(const judging_threads&) = delete;
  judging_threads& operator=(const judging_threads&) = delete;

  /// Runs `w` on one of the threads; after stop() drops it. False, and nothing is kept, when too much waits
  /// already or no thread can be started.
  bool run(work w);

  /// Threads, once the first work has come.
  std::size_t size() const noexcept { return threads_; }

  /// Stops what is under way, drops what waits and ends the threads.
  void stop() noexcept;

private:
  struct queue;

  std::shared_ptr<queue> queue_; // the threads hold it too: one of them may be the last holder of us
  std::size_t threads_;
};

} // namespace guardrails::actors
