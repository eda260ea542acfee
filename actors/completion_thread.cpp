// The thread on which callers' continuations run.
#include "actors/completion_thread.hpp"

#include <utility>

namespace guardrails::actors {

completion_thread::~completion_thread() {
  stop();
}

void completion_thread::post(std::function<void()> work) noexcept {
  {
    std::lock_guard guard{mutex_};
    if (!stopping_) {
      if (!thread_.joinable())
        // The thread keeps its own hold: a continuation may drop the last other one.
        thread_ = std::thread{[self = shared_from_this()] { self->run(); }};
      queue_.push_back(std::move(work));
      if (queue_.size() == 1)
        arrived_.notify_one();
      return;
    }
  }
  work();
}

void completion_thread::stop() {
  std::thread ended;
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
    arrived_.notify_one();
    ended = std::move(thread_);
  }
  if (!ended.joinable())
    return;
  if (ended.get_id() == std::this_thread::get_id())
    ended.detach(); // a continuation ended the runtime: the thread ends when that continuation returns
  else
    ended.join();
}

void completion_thread::run() {
  std::vector<std::function<void()>> batch;
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty())
        return;
      batch.swap(queue_);
    }
    for (auto& work : batch) {
      work();
      work = nullptr;
    }
    batch.clear();
  }
}

} // namespace guardrails::actors
