// Starts the workers, listens to signals, adds up.
#include "apps/load/generator.hpp"

#include "apps/load/worker.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <list>
#include <optional>
#include <thread>
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
  group(const plan& what, target& aim)
    : start_{clock::now() + head_start} {
    for (std::size_t i = 0; i < what.threads; ++i)
      workers_.emplace_back(what, aim, schedule{start_, what.rate, what.duration, i, what.threads},
                            share(what.lines, what.threads, i));
    running_ = workers_.size();
  }

  outcome run(const plan& what) {
    signals_.async_wait([this](const boost::system::error_code& problem, int) {
      if (!problem)
        interrupt();
    });
    {
      std::list<std::jthread> threads;
      for (auto& each : workers_)
        threads.emplace_back([this, &each] { work(each); });
      control_.run();
    }
    if (problem_)
      std::rethrow_exception(problem_);
    auto all = sum(what.prompts.kinds().size());
    all.interrupted = interrupted_.has_value();
    all.lasted =
      interrupted_ ? std::clamp<clock::duration>(*interrupted_ - start_, {}, what.duration) : what.duration;
    return all;
  }

private:
  outcome sum(std::size_t kinds) const {
    outcome all;
    all.kinds.resize(kinds);
    for (const auto& each : workers_) {
      all.count.busiest = std::max(all.count.busiest, each.busy_share());
      for (std::size_t kind = 0; kind < kinds; ++kind)
        all.kinds[kind].merge(each.counts()[kind]);
    }
    for (const auto& kind : all.kinds)
      all.count.merge(kind);
    return all;
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
        alive_.reset();
      }
    });
  }

  clock::time_point start_;
  std::list<worker> workers_;
  std::size_t running_ = 0;
  std::exception_ptr problem_;
  std::optional<clock::time_point> interrupted_;
  asio::io_context control_{1};
  asio::executor_work_guard<asio::io_context::executor_type> alive_{control_.get_executor()};
  asio::signal_set signals_{control_, SIGINT, SIGTERM};
};

} // namespace

outcome run(const plan& what, target& aim) {
  return group{what, aim}.run(what);
}

} // namespace guardrails::load
