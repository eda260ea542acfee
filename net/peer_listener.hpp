// Listens for peers, and agrees on sessions with them before anybody else hears of them.
#pragma once

#include "net/peer_session.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace guardrails::net {

struct listener_limits {
  std::chrono::milliseconds agreement{5'000}; ///< from connecting to an agreed session
  std::size_t waiting = 64;          ///< connections without one; a further one takes the oldest's place
  std::size_t lines_per_second = 10; ///< of reports
};

/// Works on a thread of its own until it ends.
class peer_listener {
public:
  /// Called on that thread with a line about a connection that was refused, by address and reason; must not
  /// throw.
  using report = std::function<void(const std::string& line)>;

  /// `host` is a numeric address, port 0 a free port. Throws std::runtime_error where it cannot listen.
  peer_listener(peer_identity ours, const std::string& host, std::uint16_t port, report tell,
                listener_limits limits = {});
  ~peer_listener();
  peer_listener(const peer_listener&) = delete;
  peer_listener& operator=(const peer_listener&) = delete;

  std::uint16_t port() const noexcept { return port_; }

  /// The next session, if there is one.
  std::optional<peer_session> take();

  /// Can be read while sessions wait, a byte for each; the caller's from the first call on, who reads a byte
  /// and then takes one.
  int release_signal() noexcept { return signal_out_.release(); }

private:
  class work;
  friend class work;

  void arrived(peer_session session);

  peer_identity ours_;
  report tell_;
  listener_limits limits_;
  socket_owner listening_;
  std::uint16_t port_;
  socket_owner signal_in_{-1};
  socket_owner signal_out_{-1};
  socket_owner stop_in_{-1};
  socket_owner stop_out_{-1};
  std::mutex mutex_;
  std::deque<peer_session> sessions_;
  std::thread thread_;
};

} // namespace guardrails::net
