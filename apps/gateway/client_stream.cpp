// TLS' own words.
#include "apps/gateway/client_stream.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace guardrails::gateway {

using boost::asio::awaitable;
using boost::asio::redirect_error;
using boost::asio::use_awaitable;

awaitable<void> client_stream::shake_hands(boost::system::error_code& problem) {
  co_await tls_->async_handshake(secured::server, redirect_error(use_awaitable, problem));
}

awaitable<void> client_stream::say_goodbye(boost::system::error_code& problem) {
  co_await tls_->async_shutdown(redirect_error(use_awaitable, problem));
}

} // namespace guardrails::gateway
