// One connection to the target, kept open from request to request.
#pragma once

#include "apps/load/plan.hpp"
#include "apps/load/schedule.hpp"
#include "apps/load/stream_watch.hpp"
#include "apps/load/tally.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <optional>

namespace guardrails::load {

/// Takes note of a body instead of keeping it.
struct watched_body {
  struct value_type {
    bool watches = false;
    stream_watch events;
    std::optional<clock::time_point> first_content;

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

/// How one request went.
struct exchange_result {
  std::optional<failure> failed; ///< else the rest is an answer
  std::optional<clock::time_point> sent;
  std::optional<clock::time_point> first_content;
  std::uint32_t status = 0;
  bool retry_after = false;
};

class connection {
public:
  /// `what` and `count` must outlive the connection, which does not connect before its first request.
  connection(boost::asio::io_context& context, const plan& what, tally& count);

  /// Sends the request and reads the answer. One at a time.
  boost::asio::awaitable<exchange_result> exchange();

  /// Ends the exchange under way, which then failed for the reason `why`.
  void cut(failure why) noexcept;

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
  void close() noexcept;

  const plan& what_;
  tally& count_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  std::optional<parser> parser_;
  std::optional<failure> cut_;
};

} // namespace guardrails::load
