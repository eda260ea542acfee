// Runs judgements off the scheduler's threads.
#include "actors/judging_threads.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace guardrails::actors {

namespace {

using clock = std::chrono::steady_clock;

// A full queue is looked through for what nobody wants any more at most so often.
constexpr auto look_interval = std::chrono::milliseconds{5};

// One that is not, whenever it has doubled, beginning here.
constexpr std::size_t first_look = 64;

/// Works that wait, shortest or oldest first, and how much there is of them.
class waiting_line {
public:
  enum class order : std::uint8_t { shortest_first, oldest_first };

  explicit waiting_line(order how)
    : order_{how} {}

  bool empty() const noexcept { return works_.empty(); }
  std::size_t size() const noexcept { return works_.size(); }

  bool has_room(std::size_t more_bytes) const noexcept {
    return works_.empty() || (works_.size() < judging_threads::most_waiting &&
                              bytes_ + more_bytes <= judging_threads::most_waiting_bytes);
  }

  void add(judging_threads::work w) {
    const auto bytes = w.bytes;
    works_.emplace(order_ == order::shortest_first ? bytes : 0,
                   std::move(w)); // equal keys: in order of arrival
    bytes_ += bytes;
  }

  judging_threads::work take() { return remove(works_.begin()); }

  std::vector<judging_threads::work> take_unwanted() {
    std::vector<judging_threads::work> gone;
    for (auto it = works_.begin(); it != works_.end();) {
      const auto here = it++;
      if (here->second.unwanted())
        gone.push_back(remove(here));
    }
    return gone;
  }

private:
  using works = std::multimap<std::size_t, judging_threads::work>;

  judging_threads::work remove(works::iterator it) {
    auto taken = std::move(it->second);
    bytes_ -= taken.bytes;
    works_.erase(it);
    return taken;
  }

  order order_;
  works works_;
  std::size_t bytes_ = 0;
};

} // namespace

struct judging_threads::queue {
  void serve(std::size_t thread);
  std::optional<work> next(std::size_t thread);
  std::vector<work> make_room(waiting_line& line, std::size_t more_bytes);
  void start(const std::shared_ptr<queue>& self, std::size_t wanted);

  std::mutex mutex;
  std::condition_variable arrived;
  waiting_line common{waiting_line::order::shortest_first};
  waiting_line huge{waiting_line::order::oldest_first};
  bool turn_of_huge = true;
  std::size_t look_at_size = first_look;
  clock::time_point last_look{};
  std::vector<std::thread> threads;
  std::atomic<bool> stopping{false};
};

// The first of several threads is for common texts, the others take both kinds in turns.
std::optional<judging_threads::work> judging_threads::queue::next(std::size_t thread) {
  const bool takes_huge = thread > 0 || threads.size() < 2;
  if (takes_huge && !huge.empty() && (turn_of_huge || common.empty())) {
    turn_of_huge = false;
    return huge.take();
  }
  if (common.empty())
    return std::nullopt;
  turn_of_huge |= takes_huge;
  return common.take();
}

void judging_threads::queue::serve(std::size_t thread) {
  for (;;) {
    std::optional<work> taken;
    {
      std::unique_lock lock{mutex};
      arrived.wait(lock, [&] { return stopping || (taken = next(thread)).has_value(); });
      if (stopping)
        return;
    }
    taken->judge([&] { return stopping.load(std::memory_order_relaxed) || taken->unwanted(); });
  }
}

// Returns what left the line because nobody wants it any more.
std::vector<judging_threads::work> judging_threads::queue::make_room(waiting_line& line,
                                                                     std::size_t more_bytes) {
  const auto now = clock::now();
  const auto full = !line.has_room(more_bytes);
  if (full ? now - last_look < look_interval : line.size() < look_at_size)
    return {};
  auto gone = line.take_unwanted();
  look_at_size = std::max(first_look, 2 * line.size());
  last_look = clock::now();
  return gone;
}

// Throws std::system_error when there is none and none can be started.
void judging_threads::queue::start(const std::shared_ptr<queue>& self, std::size_t wanted) {
  while (threads.size() < wanted) {
    // The program's signals are the program's.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      threads.emplace_back([q = self, number = threads.size()] { q->serve(number); });
    } catch (const std::system_error&) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      if (threads.empty())
        throw;
      return;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
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
  std::vector<work> gone;
  const auto accepted = [&] {
    std::lock_guard guard{queue_->mutex};
    if (queue_->stopping)
      return true;
    auto& line = w.bytes > longest_common_text ? queue_->huge : queue_->common;
    gone = queue_->make_room(line, w.bytes);
    if (!line.has_room(w.bytes))
      return false;
    try {
      queue_->start(queue_, threads_);
    } catch (const std::system_error&) {
      return false;
    }
    line.add(std::move(w));
    queue_->arrived.notify_all(); // not every thread may take it
    return true;
  }();
  for (auto& unwanted : gone)
    unwanted.judge([] { return true; });
  return accepted;
}

void judging_threads::stop() noexcept {
  auto none = [] { return waiting_line{waiting_line::order::shortest_first}; };
  waiting_line dropped[] = {none(), none()}; // destroyed without the lock
  std::vector<std::thread> ended;
  {
    std::lock_guard guard{queue_->mutex};
    queue_->stopping = true;
    std::swap(dropped[0], queue_->common);
    std::swap(dropped[1], queue_->huge);
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
