// One thread's share of a run: paces its requests and hands them to its lines to the target.
#pragma once

#include "apps/load/plan.hpp"
#include "apps/load/schedule.hpp"
#include "apps/load/tally.hpp"
#include "apps/load/target.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace guardrails::load {

/// Requests are numbered; those from `next_` to before `due_` wait for a line. Nothing else is kept of
/// them, so that a target that falls behind costs no memory.
class worker {
public:
  /// `what` and `aim` must outlive the worker.
  worker(const plan& what, target& aim, const schedule& times, std::size_t lines);

  /// Returns when every request has an outcome: by the end of the duration and the time of the last request.
  void run();

  /// Ends the run early; from any thread.
  void interrupt();

  /// By kind of prompt.
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
  boost::asio::awaitable<void> serve(client& me);
  boost::asio::awaitable<void> ask(client& me, std::uint64_t number);
  boost::asio::awaitable<void> sweep();
  void call_client();
  std::optional<std::uint64_t> take();
  void record(const exchange_result& result, std::uint64_t number);
  void record_answer(const exchange_result& result, clock::time_point intended, tally& count) const;
  std::size_t prompt_of(std::uint64_t number) const noexcept;
  tally& count_of(std::uint64_t number) noexcept;
  void end_pacing();
  void stop_early();
  bool is_over() const noexcept { return paced_ && next_ == due_ && busy_ == 0; }

  const plan& what_;
  target& aim_;
  schedule times_;
  std::size_t lines_;
  clock::time_point end_; ///< of what counts as in time
  std::uint64_t due_ = 0;
  std::uint64_t next_ = 0;
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
