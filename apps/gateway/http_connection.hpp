// One client's connection: HTTP/1.1 requests in, one after the other, and answers out.
#pragma once

#include "apps/gateway/access_log.hpp"
#include "apps/gateway/serve_options.hpp"
#include "apps/gateway/service.hpp"
#include "apps/gateway/tls_identity.hpp"
#include "apps/gateway/worker.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace guardrails::gateway {

/// What connections share; outlives them.
struct connection_surroundings {
  service& answers;
  const connection_limits& limits;
  access_log* log;         ///< null: none
  const tls_identity* tls; ///< null: plain
  entrance by = entrance::only;
};

/// Serves the connection until one side ends it.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, worker& home,
                                   connection_surroundings around);

} // namespace guardrails::gateway
