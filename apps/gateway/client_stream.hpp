// A client's bytes, plain or under TLS, as one stream for Asio and Beast.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <utility>

namespace guardrails::gateway {

class client_stream {
public:
  using tcp = boost::asio::ip::tcp;
  using executor_type = tcp::socket::executor_type;

  /// `tls` may be null: plain.
  client_stream(tcp::socket socket, boost::asio::ssl::context* tls)
    : socket_{std::move(socket)} {
    if (tls)
      tls_ = std::make_unique<secured>(socket_, *tls);
  }

  executor_type get_executor() { return socket_.get_executor(); }
  tcp::socket& socket() noexcept { return socket_; }
  bool is_secure() const noexcept { return tls_ != nullptr; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    return tls_ ? tls_->async_read_some(into, std::forward<Token>(token))
                : socket_.async_read_some(into, std::forward<Token>(token));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return tls_ ? tls_->async_write_some(from, std::forward<Token>(token))
                : socket_.async_write_some(from, std::forward<Token>(token));
  }

  /// Only of a secure one.
  boost::asio::awaitable<void> shake_hands(boost::system::error_code& problem);

  /// Says that nothing follows, and waits for the client to say so too. Only of a secure one.
  boost::asio::awaitable<void> say_goodbye(boost::system::error_code& problem);

private:
  using secured = boost::asio::ssl::stream<tcp::socket&>;

  tcp::socket socket_;
  std::unique_ptr<secured> tls_;
};

} // namespace guardrails::gateway
