// Runs judgements off the scheduler's threads.
#include "actors/judging_threads.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace guardrails::actors {

struct judging_threads::queue {
  using works = std::multimap<std::size_t, work>; // by size

  void serve(bool common_only);
  works::iterator next(bool common_only);
  bool has_room(std::size_t more_bytes);
  void start(const std::shared_ptr<queue>& self, std::size_t wanted);

  std::mutex mutex;
  std::condition_variable arrived;
  works waiting;
  std::size_t waiting_bytes = 0;
  std::size_t look_through_at = 64; // works, when those that nobody wants any more are looked for
  std::vector<std::thread> threads;
  std::atomic<bool> stopping{false};
};

judging_threads::queue::works::iterator judging_threads::queue::next(bool common_only) {
  const auto first = waiting.begin();
  return first != waiting.end() && common_only && first->first > longest_common_text ? waiting.end() : first;
}

void judging_threads::queue::serve(bool common_only) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr); // the program's signals are the program's
  for (;;) {
    work taken;
    {
      std::unique_lock lock{mutex};
      arrived.wait(lock, [&] { return stopping || next(common_only) != waiting.end(); });
      if (stopping)
        return;
      const auto it = next(common_only);
      waiting_bytes -= it->first;
      taken = std::move(it->second);
      waiting.erase(it);
    }
    const checks::stop_function stop = [&] {
      return stopping.load(std::memory_order_relaxed) || taken.unwanted();
    };
    if (!taken.unwanted())
      taken.judge(stop);
  }
}

bool judging_threads::queue::has_room(std::size_t more_bytes) {
  const auto fits = [&] {
    return waiting.size() < most_waiting && waiting_bytes + more_bytes <= most_waiting_bytes;
  };
  if (waiting.size() < look_through_at && fits())
    return true;
  std::erase_if(waiting, [this](const auto& entry) {
    const auto gone = entry.second.unwanted();
    waiting_bytes -= gone ? entry.first : 0;
    return gone;
  });
  look_through_at = std::max<std::size_t>(64, 2 * waiting.size());
  return fits() || waiting.empty();
}

// One for common texts, the others for all. Throws std::system_error when none can be started.
void judging_threads::queue::start(const std::shared_ptr<queue>& self, std::size_t wanted) {
  while (threads.size() < wanted) {
    const bool common_only = threads.empty() && wanted > 1;
    try {
      threads.emplace_back([q = self, common_only] { q->serve(common_only); });
    } catch (const std::system_error&) {
      if (threads.size() < 2)
        throw;
      return;
    }
  }
}

judging_threads::judging_threads()
  : judging_threads{std::max(std::thread::hardware_concurrency() / 2, 2u)} {}

judging_threads::judging_threads(std::size_t threads)
  : queue_{std::make_shared<queue>()}
  , threads_{threads} {}

judging_threads::~judging_threads() {
  stop();
}

bool judging_threads::run(work w) {
  std::lock_guard guard{queue_->mutex};
  if (queue_->stopping)
    return true;
  if (!queue_->has_room(w.bytes))
    return false;
  try {
    queue_->start(queue_, threads_);
  } catch (const std::system_error&) {
    return false;
  }
  queue_->waiting_bytes += w.bytes;
  queue_->waiting.emplace(w.bytes, std::move(w));
  queue_->arrived.notify_all(); // not every thread may take it
  return true;
}

void judging_threads::stop() noexcept {
  queue::works dropped; // destroyed without the lock
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
