// The gateway's listening side: threads, signals, and the orderly end.
#pragma once

#include "apps/gateway/access_log.hpp"
#include "apps/gateway/serve_options.hpp"
#include "apps/gateway/service.hpp"

#include <cstdint>
#include <memory>

namespace guardrails::gateway {

/// One io_context a thread, so that a connection never leaves its thread and needs no strand. One acceptor
/// deals connections out in turn: shares are even whatever the number of connections, where SO_REUSEPORT
/// deals by hash, and at the end there is one queue of the system's to empty instead of several to lose.
class server {
public:
  /// Listens. Throws std::runtime_error when the address cannot be bound. `log` may be null.
  server(listen_options options, service& answers, access_log* log);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const;

  /// Of the entrance for administration; 0: there is none.
  std::uint16_t admin_port() const;

  /// Serves until SIGTERM or SIGINT and then ends what is under way, within the drain time; a second signal
  /// ends at once. SIGHUP reads the configuration again.
  void run();

private:
  class state;
  std::unique_ptr<state> state_;
};

} // namespace guardrails::gateway
