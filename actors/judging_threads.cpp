// Runs judgements off the scheduler's threads.
#include "actors/judging_threads.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace guardrails::actors {

struct judging_threads::queue {
  void serve();

  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<work> waiting;
  std::vector<std::thread> threads;
  std::size_t idle = 0;
  std::atomic<bool> stopping{false};
};

void judging_threads::queue::serve() {
  const checks::stop_function stop = [this] { return stopping.load(std::memory_order_relaxed); };
  for (;;) {
    work next;
    {
      std::unique_lock lock{mutex};
      ++idle;
      arrived.wait(lock, [this] { return stopping || !waiting.empty(); });
      --idle;
      if (stopping)
        return;
      next = std::move(waiting.front());
      waiting.pop_front();
    }
    next(stop);
  }
}

judging_threads::judging_threads()
  : judging_threads{std::max(std::thread::hardware_concurrency() / 2, 1u)} {}

judging_threads::judging_threads(std::size_t threads)
  : queue_{std::make_shared<queue>()}
  , threads_{threads} {}

judging_threads::~judging_threads() {
  stop();
}

void judging_threads::run(work w) {
  std::lock_guard guard{queue_->mutex};
  if (queue_->stopping)
    return;
  queue_->waiting.push_back(std::move(w));
  if (queue_->idle < queue_->waiting.size() && queue_->threads.size() < threads_)
    queue_->threads.emplace_back([q = queue_] { q->serve(); });
  queue_->arrived.notify_one();
}

void judging_threads::stop() noexcept {
  std::deque<work> dropped; // destroyed without the lock
  std::vector<std::thread> ended;
  {
    std::lock_guard guard{queue_->mutex};
    queue_->stopping = true;
    dropped.swap(queue_->waiting);
    ended.swap(queue_->threads);
    queue_->arrived.notify_all();
  }
  for (auto& thread : ended)
    if (thread.get_id() == std::this_thread::get_id())
      thread.detach();
    else
      thread.join();
}

} // namespace guardrails::actors
