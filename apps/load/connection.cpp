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
  const auto before = events.contents();
  events.feed(piece);
  if (events.contents() > before)
    times.note(clock::now());
}

connection::connection(asio::io_context& context, const http_requests& what)
  : what_{what}
  , socket_{context} {}

awaitable<exchange_result> connection::exchange(std::size_t prompt, clock::time_point) {
  exchange_result result;
  error_code problem;
  cut_.reset();
  connected_ = false;
  received_ = 0;
  if (!is_usable())
    co_await open(problem);
  if (problem) {
    result.failed = cut_.value_or(failure::connect);
    close();
    co_return result;
  }
  result.sent = clock::now();
  const auto bytes = asio::buffer(what_.requests[prompt]);
  result.bytes_sent = co_await asio::async_write(socket_, bytes, redirect_error(use_awaitable, problem));
  if (!problem)
    co_await read_answer(problem);
  if (problem) {
    result.failed = reason(problem);
    close();
  } else {
    finish(result);
  }
  account(result);
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
  connected_ = true;
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
    received_ += count;
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
  result.content = std::move(parser_->get().body().times);
  if (what_.stream && result.status / 100 == 2 && !message.body().events.is_done())
    result.failed = failure::no_done;
  if (!parser_->keep_alive())
    close();
}

void connection::account(exchange_result& result) const {
  result.ended = clock::now();
  result.connected = connected_;
  result.bytes_received = received_;
}

void connection::close() noexcept {
  error_code ignored;
  socket_.close(ignored);
  buffer_.clear();
}

} // namespace guardrails::load
