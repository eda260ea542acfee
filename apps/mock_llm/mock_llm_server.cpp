// Serves the mock upstream with Boost.Beast: one coroutine per connection, one io_context per thread.
#include "apps/mock_llm/mock_llm_server.hpp"

#include "apps/mock_llm/mock_llm_answer.hpp"
#include "apps/mock_llm/mock_llm_counters.hpp"

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <ctime>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>

namespace guardrails::mock_llm {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t largest_request = 64u << 20;
constexpr std::size_t padding_block = 64u << 10;
// Pacing writes at most this often: finer steps cost time without looking different.
constexpr std::chrono::milliseconds shortest_pause{10};

/// One connection: reads requests and answers them in turn.
class connection {
public:
  connection(tcp::socket socket, const options& how, counters& count)
    : socket_{std::move(socket)}
    , timer_{socket_.get_executor()}
    , how_{how}
    , count_{count} {}

  ~connection() {
    if (counted_)
      --count_.open_connections;
  }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  awaitable<void> serve() {
    error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);
    bool more = true;
    while (more)
      more = co_await answer_next();
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
  }

private:
  using parser = http::request_parser<http::string_body>;

  // -- reading
  // ---------------------------------------------------------------------------------------------------

  /// True if the connection can take another request.
  awaitable<bool> answer_next() {
    parser request;
    request.body_limit(largest_request);
    error_code problem;
    co_await read(request, problem);
    if (problem)
      co_return co_await refuse(problem);
    const auto& message = request.get();
    keep_alive_ = message.keep_alive();
    const std::string_view path{message.target().data(), message.target().size()};
    if (path.starts_with("/stats"))
      co_return co_await answer_stats(message, path);
    if (!counted_) {
      counted_ = true;
      count_.opened();
    }
    if (path == "/v1/chat/completions" && message.method() == http::verb::post)
      co_return co_await answer_chat(message);
    if (path == "/v1/models" && message.method() == http::verb::get)
      co_return co_await send(
        200, R"({"object":"list","data":[{"id":"mock","object":"model","owned_by":"mock"}]})");
    co_return co_await send_error(404, "no such page");
  }

  awaitable<void> read(parser& request, error_code& problem) {
    co_await http::async_read_header(socket_, buffer_, request, redirect_error(use_awaitable, problem));
    if (problem || request.is_done())
      co_return;
    if (const auto expect = request.get().find(http::field::expect); expect != request.get().end()) {
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(socket_, asio::buffer(go_on), redirect_error(use_awaitable, problem));
    }
    // Usually the body came with the header: parsing it here saves a round through the scheduler.
    request.eager(true);
    if (buffer_.size() > 0) {
      buffer_.consume(request.put(buffer_.data(), problem));
      if (problem == http::error::need_more)
        problem = {};
    }
    if (!problem && !request.is_done())
      co_await http::async_read(socket_, buffer_, request, redirect_error(use_awaitable, problem));
  }

  awaitable<bool> refuse(error_code problem) {
    keep_alive_ = false;
    if (problem == http::error::body_limit)
      co_await send_error(413, "request too large");
    else if (problem.category() == make_error_code(http::error::bad_method).category() &&
             problem != http::error::end_of_stream && problem != http::error::partial_message)
      co_await send_error(400, "not an HTTP request");
    co_return false;
  }

  awaitable<bool> answer_stats(const parser::value_type& request, std::string_view path) {
    if (path == "/stats/reset" && request.method() == http::verb::post)
      count_.reset();
    else if (path != "/stats" || request.method() != http::verb::get)
      co_return co_await send_error(404, "no such page");
    co_return co_await send(200, count_.to_json());
  }

  // -- answering
  // -------------------------------------------------------------------------------------------------

  awaitable<bool> answer_chat(const parser::value_type& message) {
    const auto number = count_.requests++;
    if (!how_.api_key.empty() && message[http::field::authorization] != "Bearer " + how_.api_key)
      co_return co_await send_error(401, "Incorrect API key provided.");
    const auto request = parse_chat_request(message.body());
    if (!request)
      co_return co_await send_error(400, "The body is not a chat request.");
    const auto what = plan_request(how_, request->model, number);
    if (what.delay.count() > 0) {
      const bool waits = co_await pause(what.delay);
      if (!waits)
        co_return gone();
    }
    if (what.fault == fault::hang)
      co_return co_await hang();
    if (what.fault == fault::status)
      co_return co_await send_error(what.status, "The mock was told to fail.");
    if (what.fault == fault::html)
      co_return co_await send(200, "<!DOCTYPE html><html><body>Sign in</body></html>\n", "text/html");
    const auto text = answer_text(how_, *request, number);
    const auto now = std::time(nullptr);
    if (request->stream && what.fault != fault::no_choices) {
      const auto events = completion_events(*request, text, number, now);
      co_return co_await send_events(events, what);
    }
    const auto body = completion_body(*request, text, what, number, now);
    co_return co_await send_body(body, what, text);
  }

  awaitable<bool> hang() {
    bool waits = true;
    while (waits)
      waits = co_await pause(std::chrono::hours{1});
    co_return gone();
  }

  awaitable<bool> send_body(const answer_body& body, const plan& what, std::string_view text) {
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

  std::chrono::duration<double> seconds_for(std::string_view text) const {
    return std::chrono::duration<double>{static_cast<double>(text.size()) / 4 / how_.tokens_per_second};
  }

  awaitable<bool> cut(std::string_view body) {
    out_ += body.substr(0, body.size() / 2);
    co_await write();
    // A reset, not an orderly end: this is what a crashing upstream looks like.
    error_code ignored;
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket_.close(ignored);
    co_return false;
  }

  /// Writes what stands in `out_`, then `text` in small pieces over the time `whole`.
  awaitable<bool> write_paced(std::string_view text, std::chrono::duration<double> whole) {
    const auto steps =
      std::clamp<std::size_t>(static_cast<std::size_t>(whole / shortest_pause), 1, text.size());
    const auto step =
      std::chrono::duration_cast<std::chrono::nanoseconds>(whole / static_cast<double>(steps));
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

  awaitable<bool> append_padding(std::uint64_t left) {
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

  awaitable<bool> send_events(const std::vector<std::string>& events, const plan& what) {
    begin_answer(200, "text/event-stream");
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

  void append_chunk(std::string_view data) {
    std::array<char, 17> size;
    const auto end = std::to_chars(size.data(), size.data() + size.size(), data.size(), 16).ptr;
    out_.append(size.data(), end).append("\r\n").append(data).append("\r\n");
  }

  awaitable<bool> send_error(std::uint32_t status, std::string_view message) {
    co_return co_await send(status, error_body(status, message));
  }

  awaitable<bool> send(std::uint32_t status, std::string_view body,
                       std::string_view type = "application/json") {
    begin_answer(status, type);
    if (status >= 400 && how_.retry_after)
      out_ += "Retry-After: " + std::to_string(*how_.retry_after) + "\r\n";
    out_ += "Content-Length: ";
    out_ += std::to_string(body.size());
    out_ += "\r\n\r\n";
    out_ += body;
    const bool sent = co_await write();
    co_return sent ? keep_alive_ : gone();
  }

  void begin_answer(std::uint32_t status, std::string_view type) {
    const auto reason = http::obsolete_reason(http::int_to_status(status));
    out_ = "HTTP/1.1 ";
    out_ += std::to_string(status);
    out_ += ' ';
    out_.append(reason.data(), reason.size());
    out_ += "\r\nServer: guardrails-mock-llm\r\nContent-Type: ";
    out_ += type;
    out_ += keep_alive_ ? "\r\n" : "\r\nConnection: close\r\n";
  }

  // -- waiting and writing
  // ---------------------------------------------------------------------------------------

  awaitable<bool> write() {
    error_code problem;
    co_await asio::async_write(socket_, asio::buffer(out_), redirect_error(use_awaitable, problem));
    co_return !problem;
  }

  /// False as soon as the client is gone.
  awaitable<bool> pause(std::chrono::nanoseconds time) {
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

  bool gone() {
    ++count_.cancelled;
    return false;
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  const options& how_;
  counters& count_;
  boost::beast::flat_buffer buffer_;
  std::string out_;
  bool keep_alive_ = true;
  bool counted_ = false;
  bool pipelined_ = false;
};

awaitable<void> serve(tcp::socket socket, const options& how, counters& count) {
  connection client{std::move(socket), how, count};
  try {
    co_await client.serve();
  } catch (const boost::system::system_error&) {
    // The client is gone; its connection ends here.
  }
}

} // namespace

class server::state {
public:
  explicit state(options how)
    : how_{std::move(how)} {
    for (std::uint32_t i = 0; i < std::max(how_.threads, 1u); ++i)
      contexts_.push_back(std::make_unique<asio::io_context>(1));
    try {
      tcp::resolver resolver{*contexts_.front()};
      const auto found = resolver.resolve(how_.host, std::to_string(how_.port), tcp::resolver::passive);
      acceptor_.emplace(*contexts_.front(), found.begin()->endpoint());
    } catch (const boost::system::system_error& problem) {
      throw std::runtime_error{"cannot listen on " + how_.host + ":" + std::to_string(how_.port) + ": " +
                               problem.code().message()};
    }
  }

  std::uint16_t port() const { return acceptor_->local_endpoint().port(); }

  void run() {
    asio::signal_set signals{*contexts_.front(), SIGTERM, SIGINT};
    signals.async_wait([this](error_code problem, int) {
      if (!problem)
        stop();
    });
    asio::co_spawn(*contexts_.front(), accept(), asio::detached);
    std::vector<std::jthread> threads;
    for (auto it = contexts_.begin() + 1; it != contexts_.end(); ++it)
      threads.emplace_back([context = it->get()] {
        const auto work = asio::make_work_guard(*context);
        context->run();
      });
    contexts_.front()->run();
  }

private:
  void stop() {
    for (auto& context : contexts_)
      context->stop();
  }

  awaitable<void> accept() {
    for (std::size_t next = 0;; ++next) {
      auto& context = *contexts_[next % contexts_.size()];
      error_code problem;
      auto socket = co_await acceptor_->async_accept(context, redirect_error(use_awaitable, problem));
      if (!problem)
        asio::co_spawn(context, serve(std::move(socket), how_, count_), asio::detached);
      else // Out of descriptors, most likely: let some connections end.
        co_await asio::steady_timer{*contexts_.front(), std::chrono::milliseconds{10}}.async_wait(
          use_awaitable);
    }
  }

  options how_;
  counters count_;
  std::vector<std::unique_ptr<asio::io_context>> contexts_; // before what lives in them, after what they use
  std::optional<tcp::acceptor> acceptor_;
};

server::server(options how)
  : state_{std::make_unique<state>(std::move(how))} {}

server::~server() = default;

std::uint16_t server::port() const {
  return state_->port();
}

void server::run() {
  state_->run();
}

} // namespace guardrails::mock_llm
