// Reads HTTP with Boost.Beast and decides what each request is answered.
#include "apps/mock_llm/mock_llm_connection.hpp"

#include "apps/mock_llm/mock_llm_answer.hpp"
#include "apps/mock_llm/mock_llm_api.hpp"
#include "apps/mock_llm/mock_llm_embeddings.hpp"
#include "apps/mock_llm/mock_llm_verdicts.hpp"
#include "apps/mock_llm/mock_llm_writer.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <ctime>
#include <optional>

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

/// One connection: reads requests and answers them in turn.
class connection {
public:
  connection(tcp::socket socket, const options& how, counters& count)
    : socket_{std::move(socket)}
    , how_{how}
    , count_{count}
    , writer_{socket_, how, count} {}

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

  /// True if the connection can take another request.
  awaitable<bool> answer_next() {
    parser request;
    request.body_limit(largest_request);
    error_code problem;
    co_await read(request, problem);
    if (problem)
      co_return co_await refuse(problem);
    const auto& message = request.get();
    writer_.keep_alive(message.keep_alive());
    const std::string_view path{message.target().data(), message.target().size()};
    if (path.starts_with("/stats"))
      co_return co_await answer_stats(message, path);
    if (!counted_) {
      counted_ = true;
      count_.opened();
    }
    if (how_.record)
      count_.last.keep(message.body());
    const auto chat = read_chat(message, path);
    if (!std::holds_alternative<std::monostate>(chat))
      co_return co_await answer_chat(message, chat);
    if (path == "/v1/embeddings" && message.method() == http::verb::post)
      co_return co_await answer_embeddings(message);
    if (path == "/v1/moderations" && message.method() == http::verb::post)
      co_return co_await answer_moderation(message);
    if (path == "/v1/models" && message.method() == http::verb::get)
      co_return co_await writer_.send(
        200, R"({"object":"list","data":[{"id":"mock","object":"model","owned_by":"mock"}]})");
    co_return co_await writer_.send_error(404, "no such page");
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
    writer_.keep_alive(false);
    if (problem == http::error::body_limit)
      co_await writer_.send_error(413, "request too large");
    else if (problem.category() == make_error_code(http::error::bad_method).category() &&
             problem != http::error::end_of_stream && problem != http::error::partial_message)
      co_await writer_.send_error(400, "not an HTTP request");
    co_return false;
  }

  awaitable<bool> answer_stats(const parser::value_type& request, std::string_view path) {
    if (path == "/stats/last-request" && how_.record && request.method() == http::verb::get)
      co_return co_await writer_.send(200, count_.last.body());
    if (path == "/stats/names" && request.method() == http::verb::get)
      co_return co_await writer_.send(200, count_.names.to_json());
    if (path == "/stats/reset" && request.method() == http::verb::post)
      count_.reset();
    else if (path != "/stats" || request.method() != http::verb::get)
      co_return co_await writer_.send_error(404, "no such page");
    co_return co_await writer_.send(200, count_.to_json());
  }

  static std::string header(const parser::value_type& message, const char* name) {
    const auto value = message[name];
    return {value.data(), value.size()};
  }

  bool has_key(const parser::value_type& message) const {
    return how_.api_key.empty() || message[http::field::authorization] == "Bearer " + how_.api_key;
  }

  /// Waits, and answers when the plan is a fault that any answer can have. Nothing: the answer is to be sent.
  awaitable<std::optional<bool>> meet_fault(const plan& what) {
    if (what.delay.count() > 0) {
      const bool waits = co_await writer_.pause(what.delay);
      if (!waits)
        co_return writer_.gone();
    }
    if (what.fault == fault::hang)
      co_return co_await writer_.hang();
    if (what.fault == fault::status)
      co_return co_await writer_.send_error(what.status, "The mock was told to fail.");
    if (what.fault == fault::html)
      co_return co_await writer_.send(200, "<!DOCTYPE html><html><body>Sign in</body></html>\n", "text/html");
    co_return std::nullopt;
  }

  awaitable<bool> answer_moderation(const parser::value_type& message) {
    const auto number = count_.requests++;
    if (!has_key(message))
      co_return co_await writer_.send_error(401, "Incorrect API key provided.");
    const auto request = parse_moderation_request(message.body());
    if (!request)
      co_return co_await writer_.send_error(400, "The body is not a moderation request.");
    count_.moderated_texts += request->texts.size();
    const auto what = plan_request(how_, request->model, number);
    const auto met = co_await meet_fault(what);
    if (met)
      co_return *met;
    answer_body body;
    body.head = moderation_body(how_, *request, what, number);
    co_return co_await writer_.send_body(body, what, body.head);
  }

  awaitable<bool> answer_embeddings(const parser::value_type& message) {
    const auto number = count_.requests++;
    if (!has_key(message))
      co_return co_await writer_.send_error(401, "Incorrect API key provided.");
    const auto request = parse_embedding_request(message.body());
    if (!request)
      co_return co_await writer_.send_error(400, "The body is not an embedding request.");
    const auto what = plan_request(how_, request->model, number);
    const auto met = co_await meet_fault(what);
    if (met)
      co_return *met;
    answer_body body;
    body.head = embedding_body(*request);
    co_return co_await writer_.send_body(body, what, body.head);
  }

  /// Nothing: it is about something else.
  chat_reading read_chat(const parser::value_type& message, std::string_view path) const {
    if (message.method() != http::verb::post)
      return {};
    const auto value = [&](std::string_view name) {
      const auto found = message[boost::beast::string_view{name.data(), name.size()}];
      return std::string_view{found.data(), found.size()};
    };
    return api_of(how_.api).read(how_, {path, message.body(), value});
  }

  awaitable<bool> answer_chat(const parser::value_type& message, const chat_reading& chat) {
    const auto number = count_.requests++;
    count_.names.set(header(message, "x-request-id"), header(message, "traceparent"));
    if (const auto* refused = std::get_if<refusal>(&chat))
      co_return co_await writer_.send_error(refused->status, refused->message);
    const auto* request = std::get_if<chat_request>(&chat);
    if (how_.record)
      count_.repeats.see(request->last_user);
    const auto what = plan_request(how_, request->model, number);
    const auto met = co_await meet_fault(what);
    if (met)
      co_return *met;
    const bool judges = how_.verdicts != verdict_form::none && how_.answer.empty() && how_.script.empty();
    const auto verdict = judges ? verdict_on(how_, message.body()) : chat_verdict{};
    const std::string_view text = judges ? verdict.text : answer_text(how_, *request, number);
    const auto now = std::time(nullptr);
    const auto& api = api_of(how_.api);
    if (what.fault == fault::filtered && api.filter_status != 200)
      co_return co_await writer_.send_error(api.filter_status, filtered_message);
    if (request->stream && what.fault != fault::no_choices) {
      const auto events = api.events(*request, text, number, now, what);
      co_return co_await writer_.send_events(events, what, api.stream_type);
    }
    const auto body = api.whole(*request, text, what, number, now, verdict.logprobs);
    co_return co_await writer_.send_body(body, what, text);
  }

  tcp::socket socket_;
  const options& how_;
  counters& count_;
  answer_writer writer_;
  boost::beast::flat_buffer buffer_;
  bool counted_ = false;
};

} // namespace

awaitable<void> serve(tcp::socket socket, const options& how, counters& count) {
  connection client{std::move(socket), how, count};
  try {
    co_await client.serve();
  } catch (const boost::system::system_error&) {
    // The client is gone; its connection ends here.
  }
}

} // namespace guardrails::mock_llm
