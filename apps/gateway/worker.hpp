// One thread of the server: its connections, and the clock that ends those which take too long. Everything
// here happens on that thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <unordered_set>

namespace guardrails::gateway {

/// A connection, as its worker sees it.
class watched_connection {
public:
  using clock = std::chrono::steady_clock;

  virtual ~watched_connection() = default;

  /// Ends what the connection waits for when its time is over. Waits for a request that did not begin count
  /// as over once `closing`.
  virtual void expire(clock::time_point now, bool closing) = 0;
};

class worker {
public:
  worker()
    : context{1}
    , sweep_{context} {}

  /// Connections put themselves here; first member, last to go.
  std::unordered_set<watched_connection*> connections;
  boost::asio::io_context context;

  /// Serves until drain() is done, or the context is stopped.
  void run();

  /// Ends when the last connection has: idle ones are closed after a while in which their clients may still
  /// ask, and are told that it was the last time.
  void drain();

  bool draining() const noexcept { return draining_; }

private:
  void sweep_later();
  void sweep();

  boost::asio::steady_timer sweep_;
  bool draining_ = false;
  watched_connection::clock::time_point closing_from_{};
};

} // namespace guardrails::gateway
