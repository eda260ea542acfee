// The thread on which callers' continuations run, so that user code never holds up a scheduler or an I/O
// thread.
#pragma once

#include <guardrails/async.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace guardrails::actors {

/// Starts its thread with the first continuation. After stop() continuations run where they are posted.
class completion_thread final : public continuation_executor,
                                public std::enable_shared_from_this<completion_thread> {
public:
  ~completion_thread() override;

  void post(std::function<void()> work) noexcept override;

  /// Runs what was posted so far and ends the thread. May be called on the thread itself.
  void stop();

private:
  void run();

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace guardrails::actors
