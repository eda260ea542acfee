// A small HTTP/1.1 server on Boost.Beast coroutines: keep-alive, limits, timeouts. What to answer is in
// web_framework.cpp.
#pragma once

#include <boost/asio.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace http_server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

using request = http::request<http::string_body>;
using response = http::response<http::string_body>;
using handler = std::function<asio::awaitable<response>(const request&)>;

constexpr std::uint64_t longest_body = 64 * 1024;
constexpr std::chrono::seconds read_timeout{10};
constexpr std::chrono::seconds write_timeout{10};
constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

inline response make_response(http::status status, std::string body) {
  response result{status, 11};
  result.set(http::field::content_type, "application/json");
  result.body() = std::move(body);
  return result;
}

/// Says no to a request that could not be read, and lets the client read that before the connection ends.
inline asio::awaitable<void> refuse(beast::tcp_stream& stream, http::status status, std::string body) {
  auto answer = make_response(status, std::move(body));
  answer.keep_alive(false);
  answer.prepare_payload();
  stream.expires_after(write_timeout);
  co_await http::async_write(stream, answer, use_tuple);
  beast::error_code ignored;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  std::array<char, 4096> rest;
  for (auto left = 64 * longest_body; left >= rest.size(); left -= rest.size()) {
    const auto [problem, count] = co_await stream.async_read_some(asio::buffer(rest), use_tuple);
    if (problem)
      break;
  }
}

/// One connection: request after request until either side has had enough.
inline asio::awaitable<void> serve(beast::tcp_stream stream, const handler& handle) {
  beast::flat_buffer buffer;
  for (;;) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(longest_body);
    stream.expires_after(read_timeout);
    const auto [problem, count] = co_await http::async_read(stream, buffer, parser, use_tuple);
    if (problem == http::error::body_limit)
      co_return co_await refuse(stream, http::status::payload_too_large, R"({"detail":"body too large"})");
    if (problem && problem.category() == http::make_error_code(http::error::bad_method).category() &&
        problem != http::error::end_of_stream && problem != http::error::partial_message)
      co_return co_await refuse(stream, http::status::bad_request, R"({"detail":"not HTTP"})");
    if (problem)
      co_return; // the client left, or took too long
    stream.expires_never();
    auto answer = co_await handle(parser.get());
    answer.keep_alive(parser.get().keep_alive());
    answer.prepare_payload();
    stream.expires_after(write_timeout);
    const auto [write_problem, written] = co_await http::async_write(stream, answer, use_tuple);
    if (write_problem || answer.need_eof())
      co_return;
  }
}

inline asio::awaitable<void> accept_all(asio::ip::tcp::acceptor& acceptor, const handler& handle) {
  for (;;) {
    auto [problem, socket] = co_await acceptor.async_accept(use_tuple);
    if (!problem)
      asio::co_spawn(acceptor.get_executor(), serve(beast::tcp_stream{std::move(socket)}, handle),
                     asio::detached);
    else if (problem == asio::error::operation_aborted)
      co_return;
    else // out of descriptors, perhaps: give the others time to end
      co_await asio::steady_timer{acceptor.get_executor(), std::chrono::milliseconds{50}}.async_wait(
        use_tuple);
  }
}

} // namespace http_server
