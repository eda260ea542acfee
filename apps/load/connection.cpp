// Writes requests and reads answers with Boost.Beast's parser.
#include "apps/load/connection.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

namespace guardrails::load {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;

void watched_body::value_type::take(std::string_view piece) {
  if (!watches)
    return;
  events.feed(piece);
  if (!first_content && events.has_content())
    first_content = clock::now();
}

connection::connection(asio::io_context& context, const plan& what, tally& count)
  : what_{what}
  , count_{count}
  , socket_{context} {}

awaitable<exchange_result> connection::exchange() {
  exchange_result result;
  error_code problem;
  cut_.reset();
  if (!is_usable())
    co_await open(problem);
  if (problem) {
    result.failed = cut_.value_or(failure::connect);
    close();
    co_return result;
  }
  result.sent = clock::now();
  count_.bytes_sent +=
    co_await asio::async_write(socket_, asio::buffer(what_.request), redirect_error(use_awaitable, problem));
  if (!problem)
    co_await read_answer(problem);
  if (problem) {
    result.failed = reason(problem);
    close();
  } else {
    finish(result);
  }
  co_return result;
}

void connection::cut(failure why) noexcept {
  cut_ = why;
  close();
}

// A server may end a connection between two requests; sending on it would fail for no fault of the request.
bool connection::is_usable() {
  char byte = 0;
  if (!socket_.is_open() || buffer_.size() > 0)
    return false;
  const auto count = recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

awaitable<void> connection::open(error_code& problem) {
  close();
  co_await asio::async_connect(socket_, what_.endpoints, redirect_error(use_awaitable, problem));
  if (problem)
    co_return;
  ++count_.connections;
  error_code ignored;
  socket_.set_option(tcp::no_delay{true}, ignored);
}

awaitable<void> connection::read_answer(error_code& problem) {
  do { // answers that only announce another one are passed over
    start_parser();
    co_await read_message(problem);
  } while (!problem && parser_->get().result_int() / 100 == 1);
}

void connection::start_parser() {
  parser_.emplace();
  parser_->body_limit(boost::none); // nothing of it is kept
  parser_->eager(true);
  parser_->skip(what_.no_body);
  parser_->get().body().watches = what_.stream;
}

awaitable<void> connection::read_message(error_code& problem) {
  constexpr std::size_t block = 8 * 1024; // times thousands of connections
  for (;;) {
    if (buffer_.size() > 0) {
      buffer_.consume(parser_->put(buffer_.data(), problem));
      if (problem == http::error::need_more)
        problem = {};
    }
    if (problem || parser_->is_done())
      co_return;
    const auto count =
      co_await socket_.async_read_some(buffer_.prepare(block), redirect_error(use_awaitable, problem));
    buffer_.commit(count);
    count_.bytes_received += count;
    if (problem == asio::error::eof && parser_->got_some())
      parser_->put_eof(problem);
    if (problem || parser_->is_done())
      co_return;
  }
}

failure connection::reason(const error_code& problem) const {
  if (cut_)
    return *cut_;
  const error_code http_problem = http::error::partial_message;
  const bool is_form = problem.category() == http_problem.category() && problem != http_problem;
  return is_form ? failure::malformed : failure::reset;
}

void connection::finish(exchange_result& result) {
  const auto& message = parser_->get();
  result.status = message.result_int();
  result.retry_after = message.find(http::field::retry_after) != message.end();
  result.first_content = message.body().first_content;
  if (what_.stream && result.status / 100 == 2 && !message.body().events.is_done())
    result.failed = failure::no_done;
  if (!parser_->keep_alive())
    close();
}

void connection::close() noexcept {
  error_code ignored;
  socket_.close(ignored);
  buffer_.clear();
}

} // namespace guardrails::load
