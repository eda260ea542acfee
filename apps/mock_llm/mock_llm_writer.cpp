// Writes the bytes of answers, and looks whether somebody is still there to read them.
#include "apps/mock_llm/mock_llm_writer.hpp"

#include "apps/mock_llm/mock_llm_api.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <sys/socket.h>

namespace guardrails::mock_llm {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t padding_block = 64u << 10;
// Pacing writes at most this often: finer steps cost time without looking different.
constexpr std::chrono::milliseconds shortest_pause{10};

} // namespace

boost::asio::awaitable<bool> answer_writer::send(std::uint32_t status, std::string_view body,
                                                 std::string_view type, std::string_view headers) {
  begin_answer(status, type);
  out_ += headers;
  if (status >= 400 && how_.retry_after)
    out_ += "Retry-After: " + std::to_string(*how_.retry_after) + "\r\n";
  out_ += "Content-Length: ";
  out_ += std::to_string(body.size());
  out_ += "\r\n\r\n";
  out_ += body;
  const bool sent = co_await write();
  co_return sent ? keep_alive_ : gone();
}

boost::asio::awaitable<bool> answer_writer::send_error(std::uint32_t status, std::string_view message) {
  const auto& api = api_of(how_.api);
  const auto body = api.error(status, message);
  const auto headers = api.error_headers ? api.error_headers(status) : std::string{};
  co_return co_await send(status, body, "application/json", headers);
}

boost::asio::awaitable<bool> answer_writer::send_body(const answer_body& body, const plan& what,
                                                      std::string_view text) {
  begin_answer(200, "application/json");
  out_ += "Content-Length: ";
  out_ += std::to_string(body.size());
  out_ += "\r\n\r\n";
  if (what.fault == fault::cut)
    co_return co_await cut(body.head);
  bool sent = true;
  if (how_.tokens_per_second > 0)
    sent = co_await write_paced(body.head, seconds_for(text));
  else
    out_ += body.head;
  if (sent)
    sent = co_await append_padding(body.padding);
  if (!sent)
    co_return gone();
  out_ += body.tail;
  sent = co_await write();
  co_return sent ? keep_alive_ : gone();
}

boost::asio::awaitable<bool> answer_writer::send_events(const std::vector<std::string>& events,
                                                        const plan& what, std::string_view type) {
  begin_answer(200, type);
  out_ += "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";
  const bool paced = how_.tokens_per_second > 0;
  const std::chrono::nanoseconds step{paced ? static_cast<std::int64_t>(1e9 / how_.tokens_per_second) : 0};
  const auto shown = what.fault == fault::cut ? events.size() / 2 : events.size();
  bool alive = true;
  for (std::size_t i = 0; alive && i < shown; ++i) {
    append_chunk(events[i]);
    if (!paced || i + 1 == shown)
      continue;
    alive = co_await write();
    out_.clear();
    if (alive)
      alive = co_await pause(step);
  }
  if (!alive)
    co_return gone();
  if (what.fault == fault::cut)
    co_return co_await cut({});
  out_ += "0\r\n\r\n";
  alive = co_await write();
  co_return alive ? keep_alive_ : gone();
}

boost::asio::awaitable<bool> answer_writer::hang() {
  bool waits = true;
  while (waits)
    waits = co_await pause(std::chrono::hours{1});
  co_return gone();
}

boost::asio::awaitable<bool> answer_writer::pause(std::chrono::nanoseconds time) {
  using namespace asio::experimental::awaitable_operators;
  timer_.expires_after(time);
  if (!pipelined_) {
    const auto first = co_await (timer_.async_wait(use_awaitable) ||
                                 socket_.async_wait(tcp::socket::wait_read, use_awaitable));
    if (first.index() == 0)
      co_return true;
    char next;
    if (::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
      co_return false;
    // The next request is here already; from now on the socket stays readable and cannot tell us more.
    pipelined_ = true;
  }
  error_code ignored;
  co_await timer_.async_wait(redirect_error(use_awaitable, ignored));
  co_return true;
}

bool answer_writer::gone() {
  ++count_.cancelled;
  return false;
}

std::chrono::duration<double> answer_writer::seconds_for(std::string_view text) const {
  return std::chrono::duration<double>{static_cast<double>(text.size()) / 4 / how_.tokens_per_second};
}

void answer_writer::begin_answer(std::uint32_t status, std::string_view type) {
  const auto reason = http::obsolete_reason(http::int_to_status(status));
  out_ = "HTTP/1.1 ";
  out_ += std::to_string(status);
  out_ += ' ';
  out_.append(reason.data(), reason.size());
  out_ += "\r\nServer: guardrails-mock-llm\r\nContent-Type: ";
  out_ += type;
  out_ += keep_alive_ ? "\r\n" : "\r\nConnection: close\r\n";
}

boost::asio::awaitable<bool> answer_writer::cut(std::string_view body) {
  out_ += body.substr(0, body.size() / 2);
  co_await write();
  // A reset, not an orderly end: this is what a crashing upstream looks like.
  error_code ignored;
  socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
  socket_.close(ignored);
  co_return false;
}

boost::asio::awaitable<bool> answer_writer::write_paced(std::string_view text,
                                                        std::chrono::duration<double> whole) {
  const auto steps =
    std::clamp<std::size_t>(static_cast<std::size_t>(whole / shortest_pause), 1, text.size());
  const auto step = std::chrono::duration_cast<std::chrono::nanoseconds>(whole / static_cast<double>(steps));
  bool alive = co_await write();
  for (std::size_t i = 0; alive && i < steps; ++i) {
    alive = co_await pause(step);
    const auto begin = text.size() * i / steps;
    out_.assign(text.substr(begin, text.size() * (i + 1) / steps - begin));
    if (alive)
      alive = co_await write();
  }
  out_.clear();
  co_return alive;
}

boost::asio::awaitable<bool> answer_writer::append_padding(std::uint64_t left) {
  while (left > padding_block) {
    out_.append(padding_block, 'x');
    left -= padding_block;
    const bool sent = co_await write();
    if (!sent)
      co_return false;
    out_.clear();
  }
  out_.append(left, 'x');
  co_return true;
}

void answer_writer::append_chunk(std::string_view data) {
  std::array<char, 17> size;
  const auto end = std::to_chars(size.data(), size.data() + size.size(), data.size(), 16).ptr;
  out_.append(size.data(), end).append("\r\n").append(data).append("\r\n");
}

boost::asio::awaitable<bool> answer_writer::write() {
  error_code problem;
  co_await asio::async_write(socket_, asio::buffer(out_), redirect_error(use_awaitable, problem));
  co_return !problem;
}

} // namespace guardrails::mock_llm
