// Starts the workers, listens to signals, follows the course, adds up.
#include "apps/load/generator.hpp"

#include "apps/load/worker.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <list>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace guardrails::load {
namespace {

namespace asio = boost::asio;

/// Requests begin so long after the threads, so that all of them are there.
constexpr std::chrono::milliseconds head_start{20};

/// Share number `index` of `parts` shares of `whole` that differ by one at most.
std::size_t share(std::size_t whole, std::size_t parts, std::size_t index) noexcept {
  return whole / parts + (index < whole % parts ? 1 : 0);
}

class group {
public:
  group(const plan& what, target& aim, const std::function<void(std::span<const moment>)>& watch)
    : what_{what}
    , watch_{watch}
    , start_{clock::now() + head_start + what.warm_up}
    , interval_{interval_of(what.duration())} {
    const auto tell = [this](std::size_t interval, recent news) {
      asio::post(control_, [this, interval, what = std::move(news)] { hear(interval, what); });
    };
    for (std::size_t i = 0; i < what.threads; ++i)
      workers_.emplace_back(what, aim, part{start_, interval_, i, share(what.lines, what.threads, i)}, tell);
    running_ = workers_.size();
    if (what.watched)
      watched_.emplace(*what.watched);
  }

  outcome run() {
    signals_.async_wait([this](const boost::system::error_code& problem, int) {
      if (!problem)
        interrupt();
    });
    wait_for_interval();
    {
      std::list<std::jthread> threads;
      for (auto& each : workers_)
        threads.emplace_back([this, &each] { work(each); });
      control_.run();
    }
    if (problem_)
      std::rethrow_exception(problem_);
    while (!open_.empty())
      close_interval();
    return sum();
  }

private:
  struct open_interval {
    recent what;
    std::optional<process_usage> process;
  };

  outcome sum() {
    outcome all;
    all.kinds.resize(what_.prompts.kinds().size());
    for (const auto& each : workers_) {
      all.count.busiest = std::max(all.count.busiest, each.busy_share());
      all.warm_up.merge(each.counts().back());
      for (std::size_t kind = 0; kind < all.kinds.size(); ++kind)
        all.kinds[kind].merge(each.counts()[kind]);
    }
    for (const auto& kind : all.kinds)
      all.count.merge(kind);
    all.course = std::move(course_);
    all.stopped_by = std::move(stopped_by_);
    all.interrupted = interrupted_.has_value();
    all.lasted = interrupted_ ? std::clamp<clock::duration>(*interrupted_ - start_, {}, what_.duration())
                              : what_.duration();
    return all;
  }

  open_interval& interval(std::size_t number) {
    const auto place = number - std::min(number, course_.size()); // what comes too late counts a little later
    if (open_.size() <= place)
      open_.resize(place + 1);
    return open_[place];
  }

  void hear(std::size_t number, const recent& what) { interval(number).what.merge(what); }

  void wait_for_interval() {
    ticker_.expires_at(start_ + static_cast<std::int64_t>(++ticks_) * interval_);
    ticker_.async_wait([this](const boost::system::error_code& problem) {
      if (problem || over_)
        return;
      if (watched_)
        interval(ticks_ - 1).process = watched_->look();
      if (ticks_ > 1) // threads tell of an interval a little after its end
        follow();
      wait_for_interval();
    });
  }

  void follow() {
    if (open_.empty() || course_.size() + 1 >= ticks_)
      return;
    const auto broken = broken_rule(what_.stop, open_.front().what);
    close_interval();
    if (watch_)
      watch_(course_);
    if (broken && !interrupted_) {
      stopped_by_ = *broken;
      interrupt();
    }
  }

  void close_interval() {
    const auto end = static_cast<std::int64_t>(course_.size() + 1) * interval_;
    course_.push_back(tell(open_.front().what, end, interval_));
    course_.back().process = open_.front().process;
    open_.erase(open_.begin());
  }

  void interrupt() {
    interrupted_ = clock::now();
    for (auto& each : workers_)
      each.interrupt();
    signals_.clear(); // the next signal ends the program
  }

  void work(worker& mine) {
    std::exception_ptr problem;
    try {
      mine.run();
    } catch (...) {
      problem = std::current_exception();
    }
    asio::post(control_, [this, problem] {
      if (problem && !problem_) {
        problem_ = problem;
        interrupt();
      }
      if (--running_ == 0) {
        signals_.cancel();
        ticker_.cancel();
        over_ = true;
        alive_.reset();
      }
    });
  }

  const plan& what_;
  const std::function<void(std::span<const moment>)>& watch_;
  clock::time_point start_; ///< of what counts
  std::chrono::milliseconds interval_;
  asio::io_context control_{1};
  std::list<worker> workers_;
  std::size_t running_ = 0;
  std::exception_ptr problem_;
  std::optional<clock::time_point> interrupted_;
  std::string stopped_by_;
  std::vector<moment> course_;
  std::vector<open_interval> open_; ///< those that follow
  std::size_t ticks_ = 0;
  bool over_ = false;
  std::optional<watched_process> watched_;
  asio::executor_work_guard<asio::io_context::executor_type> alive_{control_.get_executor()};
  asio::steady_timer ticker_{control_};
  asio::signal_set signals_{control_, SIGINT, SIGTERM};
};

} // namespace

outcome run(const plan& what, target& aim, const std::function<void(std::span<const moment>)>& watch) {
  return group{what, aim, watch}.run();
}

} // namespace guardrails::load
