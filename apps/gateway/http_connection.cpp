// Reads HTTP with Boost.Beast within bounds of size and time, and writes what the service answers.
#include "apps/gateway/http_connection.hpp"

#include "apps/gateway/body_memory.hpp"
#include "apps/gateway/client_stream.hpp"
#include "apps/gateway/trace_context.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using clock = watched_connection::clock;

constexpr std::size_t first_read = 2048;
constexpr std::size_t body_buffer = 16'384;
constexpr std::chrono::milliseconds farewell_time{1000};
constexpr std::string_view last_chunk = "0\r\n\r\n";
constexpr std::size_t farewell_bytes = 1u << 20;

std::string_view view(boost::beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

/// What is said about a request that could not be read; nothing where nobody is left to hear it.
std::optional<api_error> refusal_of(error_code problem, bool too_slow) {
  const auto refusal = [](unsigned status, std::string message, std::string code) {
    return api_error{status, "invalid_request_error", std::move(message), {}, std::move(code)};
  };
  if (too_slow)
    return refusal(408, "The request took too long.", "request_timeout");
  if (problem == http::error::header_limit || problem == http::error::buffer_overflow)
    return refusal(431, "The header is too large.", "header_too_large");
  if (problem == http::error::body_limit)
    return refusal(413, "The body is too large.", "body_too_large");
  if (problem == boost::system::errc::not_enough_memory)
    return overloaded("Too many large bodies are under way.");
  if (problem == http::error::bad_version)
    return refusal(505, "Expected HTTP/1.1.", "http_version");
  if (problem.category() == make_error_code(http::error::bad_method).category())
    return refusal(400, "This is not an HTTP request.", "bad_request");
  return std::nullopt;
}

/// What a connection waits for.
enum class waiting : std::uint8_t { nothing, handshake, request, header, body, written, farewell };

/// What is known of the request being answered.
struct exchange {
  clock::time_point begun = clock::now();
  std::string request_id;
  std::optional<trace_context> trace; ///< with a span of ours
  std::string parent_span{};          ///< the client's; empty: none
  std::string method;
  std::string origin{}; ///< whose page asks; empty: none
  route to = route::none;
  std::shared_ptr<client_key> key{};
  body_share body{};
};

/// What a client hears that speaks HTTP where TLS is expected.
constexpr std::string_view plain_refusal = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
                                           "Connection: close\r\nContent-Length: 27\r\n\r\n"
                                           "This port expects https://\n";

bool spoke_plain_http(error_code problem) noexcept {
  return problem.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(problem.value())) == SSL_R_HTTP_REQUEST;
}

class http_connection final : public watched_connection,
                              public std::enable_shared_from_this<http_connection> {
public:
  http_connection(tcp::socket socket, worker& home, connection_surroundings around)
    : stream_{std::move(socket), around.tls ? around.tls->current().get() : nullptr}
    , home_{home}
    , around_{around} {
    home_.connections.insert(this);
    ++around_.answers.counts().connections;
    ++around_.answers.counts().connections_accepted;
  }

  ~http_connection() override {
    home_.connections.erase(this);
    --around_.answers.counts().connections;
  }
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;

  awaitable<void> serve() {
    error_code ignored;
    stream_.socket().set_option(tcp::no_delay{true}, ignored);
    bool more = !stream_.is_secure() || co_await shake_hands();
    while (more)
      more = co_await answer_next();
    if (is_secured_)
      co_await say_goodbye();
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    if (unread_)
      co_await read_farewell();
  }

  void expire(clock::time_point now, bool closing) override {
    if (waits_for_ == waiting::nothing || (now < deadline_ && !(closing && waits_for_ == waiting::request)))
      return;
    expired_ = true;
    error_code ignored;
    stream_.socket().cancel(ignored);
  }

private:
  using parser = http::request_parser<http::string_body>;

  void wait_for(waiting what, std::chrono::milliseconds time) {
    waits_for_ = what;
    expired_ = false;
    deadline_ = clock::now() + time;
  }

  void wait_no_more() noexcept { waits_for_ = waiting::nothing; }

  /// True if requests can follow.
  awaitable<bool> shake_hands() {
    error_code problem;
    wait_for(waiting::handshake, around_.limits.header_time);
    co_await stream_.shake_hands(problem);
    if (spoke_plain_http(problem)) {
      unread_ = true;
      co_await asio::async_write(stream_.socket(), asio::buffer(plain_refusal),
                                 redirect_error(use_awaitable, problem));
    } else {
      is_secured_ = !problem;
    }
    wait_no_more();
    co_return is_secured_;
  }

  awaitable<void> say_goodbye() {
    error_code ignored;
    wait_for(waiting::farewell, farewell_time);
    co_await stream_.say_goodbye(ignored);
    wait_no_more();
  }

  /// True if the connection can take another request.
  awaitable<bool> answer_next() {
    error_code problem;
    co_await await_first_byte(problem);
    if (problem)
      co_return false; // nobody asked anything
    exchange current;
    current.request_id = random_hex(32);
    parser request;
    request.header_limit(around_.limits.header_bytes);
    request.body_limit(around_.limits.body_bytes);
    keep_alive_ = false;
    is_head_ = false;
    wait_for(waiting::header, around_.limits.header_time);
    co_await http::async_read_header(stream_, buffer_, request, redirect_error(use_awaitable, problem));
    const bool too_slow = expired_;
    wait_no_more();
    if (problem)
      co_return co_await refuse(current, problem, too_slow);
    co_return co_await answer_request(current, request);
  }

  awaitable<void> await_first_byte(error_code& problem) {
    if (buffer_.size() > 0)
      co_return;
    buffer_.shrink_to_fit(); // idle connections are many
    wait_for(waiting::request, around_.limits.idle_time);
    const auto count =
      co_await stream_.async_read_some(buffer_.prepare(first_read), redirect_error(use_awaitable, problem));
    wait_no_more();
    buffer_.commit(count);
  }

  awaitable<bool> answer_request(exchange& current, parser& request) {
    read_names(current, request.get());
    const auto match = find_route(view(request.get().method_string()), view(request.get().target()));
    current.to = match.to;
    is_head_ = request.get().method() == http::verb::head;
    keep_alive_ = request.get().version() == 11 && request.get().keep_alive();
    if (auto problem = find_header_problem(request))
      co_return co_await refuse_with(current, *problem);
    if (is_preflight(current, request.get()))
      co_return co_await allow_page(current, request);
    if (auto refusal = around_.answers.refuse(match, around_.by,
                                              view(request.get()[http::field::authorization]), current.key)) {
      // Its body is not read, so nothing after it is either.
      keep_alive_ = keep_alive_ && request.is_done();
      unread_ = !request.is_done();
      co_return co_await send(current, std::move(*refusal));
    }
    error_code problem;
    bool too_slow = false;
    co_await read_body(request, current.body, problem, too_slow);
    if (problem)
      co_return co_await refuse(current, problem, too_slow);
    co_return co_await answer_question(current, request);
  }

  /// Administration is no page's business, wherever the page is from.
  bool serves_pages() const noexcept { return around_.by != entrance::operators; }

  /// A browser that asks whether a page of another origin may.
  bool is_preflight(const exchange& current, const parser::value_type& message) const {
    return message.method() == http::verb::options && serves_pages() &&
           around_.answers.origins().allows(current.origin) &&
           message.count(http::field::access_control_request_method) == 1;
  }

  awaitable<bool> allow_page(exchange& current, const parser& request) {
    reply allowed{200, {}, "text/plain"};
    allowed.headers = cross_origin::preflight_headers;
    keep_alive_ = keep_alive_ && request.is_done();
    unread_ = !request.is_done();
    co_return co_await send(current, std::move(allowed));
  }

  void read_names(exchange& current, const parser::value_type& message) {
    current.method = view(message.method_string());
    current.origin = view(message[http::field::origin]);
    if (const auto id = view(message["x-request-id"]); is_request_id(id))
      current.request_id = id;
    current.trace = read_traceparent(view(message["traceparent"]));
    if (current.trace)
      current.parent_span = std::exchange(current.trace->span_id, random_hex(16));
    else if (around_.answers.spans())
      current.trace = trace_context{random_hex(32), random_hex(16), "01"};
  }

  /// What Beast takes and we do not.
  std::optional<api_error> find_header_problem(const parser& request) const {
    const auto& message = request.get();
    if (message.version() == 11 && message.count(http::field::host) != 1)
      return bad_request("Expected one Host header.", {}, "bad_request");
    // Another encoding's body would have no end that both sides agree on, or would be read as what it is not.
    if (const auto encodings = message.count(http::field::transfer_encoding);
        encodings > 1 ||
        (encodings == 1 && !boost::beast::iequals(message[http::field::transfer_encoding], "chunked")))
      return api_error{501, "invalid_request_error", "Unknown transfer encoding.", {}, "transfer_encoding"};
    if (!serves_pages() && (message.count(http::field::origin) > 0 || message.count("sec-fetch-site") > 0))
      return api_error{403, "permission_error", "No page of a browser may ask here.", {}, "browser"};
    if (const auto expect = message.find(http::field::expect);
        expect != message.end() && !boost::beast::iequals(expect->value(), "100-continue"))
      return api_error{417, "invalid_request_error", "Unknown expectation.", {}, "expectation"};
    return std::nullopt;
  }

  awaitable<void> read_body(parser& request, body_share& share, error_code& problem, bool& too_slow) {
    if (request.is_done())
      co_return;
    wait_for(waiting::body, around_.limits.body_time);
    if (request.get().find(http::field::expect) != request.get().end()) {
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(stream_, asio::buffer(go_on), redirect_error(use_awaitable, problem));
    }
    request.eager(true);
    if (!problem && buffer_.size() > 0) {
      buffer_.consume(request.put(buffer_.data(), problem));
      if (problem == http::error::need_more)
        problem = {};
    }
    share = body_share{around_.answers.counts().body_bytes, around_.limits.all_body_bytes};
    if (!problem && !request.is_done())
      buffer_.reserve(body_buffer);
    while (!problem && !request.is_done()) {
      co_await http::async_read_some(stream_, buffer_, request, redirect_error(use_awaitable, problem));
      if (!problem && !share.grow_to(request.get().body().size()))
        problem = make_error_code(boost::system::errc::not_enough_memory);
    }
    too_slow = expired_;
    wait_no_more();
  }

  /// Asks and answers, and takes the question back when the client leaves.
  awaitable<bool> answer_question(exchange& current, parser& request) {
    const auto& message = request.get();
    incoming question{current.to,
                      current.key,
                      current.request_id,
                      view(message["x-guardrails-session"]),
                      view(message["x-guardrails-deadline-ms"]),
                      boost::beast::iequals(message["x-guardrails-report"], "true"),
                      path_of(view(message.target())),
                      view(message[http::field::if_none_match])};
    question.body = std::move(request.get().body());
    if (current.trace)
      question.traceparent = to_header(*current.trace);
    const bool is_long = needs_admission(current.to);
    auto client = std::make_shared<client_presence>();
    if (is_long && buffer_.size() == 0)
      watch_client(client);
    is_http_10_ = request.get().version() < 11;
    auto answer = co_await around_.answers.answer(std::move(question), *client);
    const bool more = co_await send(current, std::move(answer));
    client.reset();
    if (is_long)
      co_await end_watch();
    co_return more;
  }

  /// A client that sends more is waiting; one whose side has ended has left.
  void watch_client(const std::shared_ptr<client_presence>& client) {
    if (is_secured_)
      return read_ahead(client);
    auto& socket = stream_.socket();
    socket.async_wait(tcp::socket::wait_read, [handle = socket.native_handle(),
                                               watched = std::weak_ptr{client}](error_code problem) {
      const auto present = watched.lock();
      char next = 0;
      if (problem || !present || !present->on_leave || ::recv(handle, &next, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
        return;
      present->on_leave();
    });
  }

  /// Under TLS only reading tells whether the bytes that came are a farewell or the next request.
  void read_ahead(const std::shared_ptr<client_presence>& client) {
    auto& over = ahead_.emplace(stream_.get_executor(), clock::time_point::max());
    stream_.async_read_some(
      buffer_.prepare(first_read), [this, self = shared_from_this(), &over,
                                    watched = std::weak_ptr{client}](error_code problem, std::size_t count) {
        buffer_.commit(count);
        over.expires_at(clock::time_point::min());
        const auto present = watched.lock();
        if (problem && problem != asio::error::operation_aborted && present && present->on_leave)
          present->on_leave();
      });
  }

  awaitable<void> end_watch() {
    error_code ignored;
    stream_.socket().cancel(ignored);
    while (ahead_ && ahead_->expiry() != clock::time_point::min())
      co_await ahead_->async_wait(redirect_error(use_awaitable, ignored));
    ahead_.reset();
  }

  /// Answers what is no request, or none of ours to read.
  awaitable<bool> refuse(exchange& current, error_code problem, bool too_slow) {
    auto refusal = refusal_of(problem, too_slow);
    if (!refusal)
      co_return false; // the client is gone
    co_return co_await refuse_with(current, std::move(*refusal));
  }

  awaitable<bool> refuse_with(exchange& current, api_error problem) {
    unread_ = true;
    keep_alive_ = false;
    auto answer = reply_of(problem);
    co_return co_await send(current, std::move(answer));
  }

  /// True if the connection can take another request.
  awaitable<bool> send(exchange& current, reply answer) {
    if (home_.draining())
      keep_alive_ = false;
    if (answer.rest && !is_http_10_)
      co_return co_await send_stream(current, answer);
    if (answer.rest) // HTTP/1.0 knows no chunks
      co_await take_whole(answer);
    const auto head = head_of(current, answer);
    const std::size_t size = is_head_ ? 0 : answer.body.size();
    const std::array<asio::const_buffer, 2> pieces{asio::buffer(head), asio::buffer(answer.body, size)};
    error_code problem;
    wait_for(waiting::written, around_.limits.write_time);
    co_await asio::async_write(stream_, pieces, redirect_error(use_awaitable, problem));
    wait_no_more();
    account(current, answer, size);
    if (problem)
      unread_ = false;
    co_return !problem && keep_alive_;
  }

  /// A body that comes in pieces, each as one chunk.
  awaitable<bool> send_stream(exchange& current, reply& answer) {
    error_code problem;
    auto out = head_of(current, answer).append(chunk_of(answer.body));
    auto written = answer.body.size();
    for (bool ended = false; !problem;) {
      wait_for(waiting::written, around_.limits.write_time);
      co_await asio::async_write(stream_, asio::buffer(out), redirect_error(use_awaitable, problem));
      wait_no_more();
      if (problem || ended)
        break;
      const auto piece = co_await answer.rest->next();
      written += piece ? piece->size() : 0;
      out = piece ? chunk_of(*piece) : std::string{last_chunk};
      ended = !piece;
    }
    take_end(answer);
    account(current, answer, written);
    if (problem)
      unread_ = false;
    co_return !problem && keep_alive_;
  }

  static awaitable<void> take_whole(reply& answer) {
    for (auto piece = co_await answer.rest->next(); piece; piece = co_await answer.rest->next())
      answer.body += *piece;
    take_end(answer);
    answer.rest.reset();
  }

  /// What only the end of an answer tells.
  static void take_end(reply& answer) {
    answer.blocked = answer.rest->blocked();
    if (const auto* result = answer.rest->account()) {
      answer.model = result->model;
      answer.timings = result->timings;
    }
  }

  static std::string chunk_of(std::string_view piece) {
    std::array<char, 20> size{};
    const auto* end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
    std::string chunk(size.data(), static_cast<std::size_t>(end - size.data()));
    return chunk.append("\r\n").append(piece).append("\r\n");
  }

  std::string head_of(const exchange& current, const reply& answer) const {
    std::string head;
    head.reserve(384);
    const auto line = [&](std::string_view name, std::string_view value) {
      head.append(name).append(": ").append(value).append("\r\n");
    };
    const auto reason = answer.status == 431
                          ? std::string_view{"Request Header Fields Too Large"}
                          : view(http::obsolete_reason(http::int_to_status(answer.status)));
    head.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ").append(reason).append("\r\n");
    line("Content-Type", answer.type);
    if (answer.rest)
      line("Transfer-Encoding", "chunked");
    else if (answer.status != 304) // it has no body, whatever the length of what it stands for
      line("Content-Length", std::to_string(answer.body.size()));
    line("x-request-id", current.request_id);
    if (!answer.config_version.empty())
      line("x-guardrails-config-version", answer.config_version);
    if (current.trace)
      line("traceparent", to_header(*current.trace));
    if (answer.retry_after > 0)
      line("Retry-After", std::to_string(answer.retry_after));
    if (!answer.allow.empty())
      line("Allow", answer.allow);
    if (answer.asks_for_key)
      line("WWW-Authenticate", "Bearer");
    if (answer.type == "text/event-stream")
      line("Cache-Control", "no-cache");
    if (serves_pages())
      head.append(around_.answers.origins().headers_for(current.origin));
    head.append(answer.headers);
    if (!keep_alive_)
      line("Connection", "close");
    return head.append("\r\n");
  }

  void account(const exchange& current, const reply& answer, std::size_t bytes) {
    around_.answers.counts().answered(current.to, answer.status);
    const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - current.begun);
    trace(current, answer, duration);
    if (!around_.log)
      return;
    around_.log->write(
      line_of({current.request_id, current.trace ? current.trace->trace_id : std::string{},
               current.key ? current.key->entry().name : std::string{}, current.method, current.to,
               answer.status, bytes, duration, answer.config_version, answer.blocked},
              std::chrono::system_clock::now()));
  }

  void trace(const exchange& current, const reply& answer, std::chrono::microseconds duration) {
    auto* spans = around_.answers.spans();
    if (!spans || !current.trace || !is_sampled(*current.trace))
      return;
    spans->add({current.trace->trace_id, current.trace->span_id, current.parent_span, current.request_id,
                current.method, current.to, answer.status, std::chrono::system_clock::now() - duration,
                duration, answer.config_version, answer.model, answer.blocked, answer.timings});
  }

  /// Closing on unread bytes resets the connection, and the client might never see its answer: what it still
  /// sends is read for a while, encrypted as it may be.
  awaitable<void> read_farewell() {
    std::array<char, 4096> block;
    std::size_t total = 0;
    error_code problem;
    wait_for(waiting::farewell, farewell_time);
    while (!problem && total < farewell_bytes)
      total += co_await stream_.socket().async_read_some(asio::buffer(block),
                                                         redirect_error(use_awaitable, problem));
    wait_no_more();
  }

  client_stream stream_;
  worker& home_;
  connection_surroundings around_;
  boost::beast::flat_buffer buffer_{std::size_t{64} << 10};
  waiting waits_for_ = waiting::nothing;
  clock::time_point deadline_{};
  std::optional<asio::steady_timer> ahead_; ///< over when read_ahead() is
  bool is_secured_ = false;
  bool expired_ = false;
  bool keep_alive_ = false;
  bool unread_ = false;
  bool is_http_10_ = false;
  bool is_head_ = false;
};

} // namespace

awaitable<void> serve(tcp::socket socket, worker& home, connection_surroundings around) {
  const auto client = std::make_shared<http_connection>(std::move(socket), home, around);
  try {
    co_await client->serve();
  } catch (const std::exception&) {
    // Out of memory, most likely: this connection ends here, the others go on.
  }
}

} // namespace guardrails::gateway
