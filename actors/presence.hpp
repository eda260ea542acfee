// Counts who is in the house, so that a shutdown can wait until everybody left.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

namespace guardrails::actors {

/// Shared by a runtime and its actors.
class roll_call {
public:
  void enter() {
    std::lock_guard guard{mutex_};
    ++present_;
  }

  void leave() {
    std::lock_guard guard{mutex_};
    if (--present_ == 0)
      empty_.notify_all();
  }

  /// Waits until nobody is present; false when `limit` passed first.
  bool wait_until_empty(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    return empty_.wait_for(lock, limit, [this] { return present_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t present_ = 0;
};

/// Held by the state of every actor of a house, as its first member: it leaves last.
class presence {
public:
  explicit presence(std::shared_ptr<roll_call> house)
    : house_{std::move(house)} {
    if (house_)
      house_->enter();
  }
  ~presence() {
    if (house_)
      house_->leave();
  }
  presence(const presence&) = delete;
  presence& operator=(const presence&) = delete;

private:
  std::shared_ptr<roll_call> house_;
};

} // namespace guardrails::actors
