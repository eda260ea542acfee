// One connection to the target, kept open from request to request.
#pragma once

#include "apps/load/stream_watch.hpp"
#include "apps/load/target.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guardrails::load {

/// What is sent to a server.
struct http_requests {
  std::vector<boost::asio::ip::tcp::endpoint> endpoints; ///< tried in this order
  std::vector<std::string> requests;                     ///< as bytes, by prompt
  bool stream = false;                                   ///< answers are expected to be streams of events
  bool no_body = false;                                  ///< answers to HEAD have none
};

/// Takes note of a body instead of keeping it.
struct watched_body {
  struct value_type {
    bool watches = false;
    stream_watch events;
    content_times times;

    void take(std::string_view piece);
  };

  class reader {
  public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>&, value_type& body)
      : body_{body} {}

    void init(const boost::optional<std::uint64_t>&, boost::system::error_code& problem) { problem = {}; }

    template <class Buffers>
    std::size_t put(const Buffers& pieces, boost::system::error_code& problem) {
      problem = {};
      for (auto it = boost::asio::buffer_sequence_begin(pieces);
           it != boost::asio::buffer_sequence_end(pieces); ++it) {
        const boost::asio::const_buffer piece{*it};
        body_.take({static_cast<const char*>(piece.data()), piece.size()});
      }
      return boost::asio::buffer_size(pieces);
    }

    void finish(boost::system::error_code& problem) { problem = {}; }

  private:
    value_type& body_;
  };
};

class connection final : public line {
public:
  /// `what` must outlive the connection, which does not connect before its first request.
  connection(boost::asio::io_context& context, const http_requests& what);

  boost::asio::awaitable<exchange_result> exchange(std::size_t prompt, clock::time_point deadline) override;
  void cut(failure why) noexcept override;

private:
  using parser = boost::beast::http::response_parser<watched_body>;
  using error_code = boost::system::error_code;

  bool is_usable();
  boost::asio::awaitable<void> open(error_code& problem);
  boost::asio::awaitable<void> read_answer(error_code& problem);
  boost::asio::awaitable<void> read_message(error_code& problem);
  void start_parser();
  failure reason(const error_code& problem) const;
  void finish(exchange_result& result);
  void account(exchange_result& result) const;
  void close() noexcept;

  const http_requests& what_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  std::optional<parser> parser_;
  std::optional<failure> cut_;
  bool connected_ = false; ///< for the exchange under way
  std::uint64_t received_ = 0;
};

} // namespace guardrails::load
