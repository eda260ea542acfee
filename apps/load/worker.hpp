// One thread's share of a run: paces its requests and hands them to its lines to the target.
#pragma once

#include "apps/load/arrivals.hpp"
#include "apps/load/course.hpp"
#include "apps/load/plan.hpp"
#include "apps/load/tally.hpp"
#include "apps/load/target.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace guardrails::load {

/// What one thread has of a run.
struct part {
  clock::time_point start; ///< of what counts
  std::chrono::milliseconds interval;
  std::size_t thread;
  std::size_t lines;
};

/// Those requests that `due_` has passed and `next_` has not wait for a line. Nothing else is kept of
/// them, so that a target that falls behind costs no memory.
class worker {
public:
  /// Told what happened in an interval since it was told before.
  using listener = std::function<void(std::size_t interval, recent what)>;

  /// `what` and `aim` must outlive the worker.
  worker(const plan& what, target& aim, const part& mine, listener tell);

  /// Returns when every request has an outcome: by the end of the duration and the time of the last request.
  void run();

  /// Ends the run early; from any thread.
  void interrupt();

  /// By kind of prompt, and at last the warm-up's.
  const std::vector<tally>& counts() const noexcept { return counts_; }

  /// The share of the time of its run that it ran or wanted to.
  double busy_share() const noexcept { return busy_share_; }

private:
  struct client {
    client(boost::asio::io_context& context, target& aim)
      : way{aim.make_line(context)}
      , bell{context} {}

    std::unique_ptr<line> way;
    boost::asio::steady_timer bell; ///< rings when there may be something to do
    bool busy = false;
    clock::time_point deadline;
  };

  boost::asio::awaitable<void> pace();
  boost::asio::awaitable<void> keep_asking();
  boost::asio::awaitable<void> serve(client& me);
  boost::asio::awaitable<void> ask(client& me, turn mine);
  boost::asio::awaitable<void> sweep();
  void call_client();
  void add_client();
  std::optional<turn> take();
  std::optional<turn> take_anew();
  void intend(const turn& mine);
  void fail(const turn& mine, failure why);
  void record(const exchange_result& result, const turn& asked);
  void record_answer(const exchange_result& result, const turn& asked, tally& count);
  std::size_t prompt_of(const turn& mine) const noexcept;
  tally& count_of(const turn& mine) noexcept;
  bool counts(const turn& mine) const noexcept { return mine.intended >= mine_.start; }
  void report(clock::time_point now);
  void end_pacing();
  void stop_early();
  bool is_over() const noexcept { return paced_ && next_.passed() == due_.passed() && busy_ == 0; }

  const plan& what_;
  target& aim_;
  part mine_;
  listener tell_;
  clock::time_point end_; ///< of what counts as in time
  arrivals due_;
  arrivals next_;
  std::uint64_t asked_ = 0; ///< in a closed loop
  recent recent_;
  std::size_t interval_ = 0; ///< under way
  std::size_t busy_ = 0;
  bool paced_ = false;
  bool interrupted_ = false;
  std::chrono::nanoseconds demand_{};
  double busy_share_ = 0;
  std::vector<tally> counts_;
  boost::asio::io_context context_{1};
  boost::asio::steady_timer pacer_{context_};
  std::vector<std::unique_ptr<client>> clients_;
  std::vector<client*> idle_;
};

} // namespace guardrails::load
