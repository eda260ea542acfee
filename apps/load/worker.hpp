// One thread's share of a run: paces its requests and hands them to its pool of connections.
#pragma once

#include "apps/load/connection.hpp"
#include "apps/load/plan.hpp"
#include "apps/load/schedule.hpp"
#include "apps/load/tally.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace guardrails::load {

/// Requests are numbered; those from `next_` to before `due_` wait for a connection. Nothing else is kept of
/// them, so that a target that falls behind costs no memory.
class worker {
public:
  /// `what` must outlive the worker.
  worker(const plan& what, const schedule& times, std::size_t connections);

  /// Returns when every request has an outcome: by the end of the duration and the time of the last request.
  void run();

  /// Ends the run early; from any thread.
  void interrupt();

  const tally& count() const noexcept { return count_; }

private:
  struct client {
    client(boost::asio::io_context& context, const plan& what, tally& count)
      : line{context, what, count}
      , bell{context} {}

    connection line;
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
  void record(const exchange_result& result, clock::time_point intended);
  void end_pacing();
  void stop_early();
  bool is_over() const noexcept { return paced_ && next_ == due_ && busy_ == 0; }

  const plan& what_;
  schedule times_;
  std::size_t connections_;
  clock::time_point end_; ///< of what counts as in time
  std::uint64_t due_ = 0;
  std::uint64_t next_ = 0;
  std::size_t busy_ = 0;
  bool paced_ = false;
  bool interrupted_ = false;
  std::chrono::nanoseconds demand_{};
  tally count_;
  boost::asio::io_context context_{1};
  boost::asio::steady_timer pacer_{context_};
  std::vector<std::unique_ptr<client>> clients_;
  std::vector<client*> idle_;
};

} // namespace guardrails::load
