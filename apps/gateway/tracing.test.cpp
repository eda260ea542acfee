// What a collector is told: the encoding, and a real gateway that sends to real collectors, good and bad
// ones.
#define CAF_SUITE gateway_tracing
#include "tests/caf_test.hpp"

#include "apps/gateway/otlp_spans.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/raw_server.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>

namespace {

using namespace guardrails;
using namespace guardrails::gateway;
using namespace std::chrono_literals;
namespace json = boost::json;

const std::string trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string client_span = "00f067aa0ba902b7";

request_span chat_span() {
  request_span span;
  span.trace_id = trace_id;
  span.span_id = "1111111111111111";
  span.parent_id = client_span;
  span.method = "POST";
  span.to = route::chat_completions;
  span.status = 200;
  span.begin = std::chrono::system_clock::time_point{1'700'000'000s};
  span.duration = 1000us;
  span.config_version = "v1";
  span.model = "m";
  span.timings = {100, 200, 300, 50, 700};
  return span;
}

std::vector<json::object> spans_of(const std::string& body) {
  const auto document = json::parse(body);
  std::vector<json::object> spans;
  for (const auto& span : document.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans").as_array())
    spans.push_back(span.as_object());
  return spans;
}

std::vector<json::object> encoded(const request_span& request) {
  return spans_of(encode_spans({&request, 1}, "1.2"));
}

std::string text(const json::object& span, const char* member) {
  const auto* found = span.if_contains(member);
  return found && found->is_string() ? std::string{found->as_string()} : std::string{};
}

std::int64_t time(const json::object& span, const char* member) {
  return std::stoll(text(span, member));
}

/// The value of an attribute as text; empty: there is none.
std::string attribute(const json::object& span, std::string_view key) {
  for (const auto& one : span.at("attributes").as_array())
    if (one.at("key").as_string() == key) {
      const auto& value = one.at("value").as_object().begin()->value();
      return value.is_string() ? std::string{value.as_string()} : json::serialize(value);
    }
  return {};
}

/// Takes what is sent to it, and says what came.
class collector {
public:
  std::uint16_t port() const noexcept { return server_.port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()) + "/v1/traces"; }

  /// The spans by their name, once one of the server's has come; empty: none came.
  std::map<std::string, json::object> wait_for_spans() {
    std::unique_lock lock{mutex_};
    came_.wait_for(lock, 20s, [this] { return !requests_.empty(); });
    std::map<std::string, json::object> spans;
    for (const auto& request : requests_)
      for (const auto& span : spans_of(request.substr(request.find("\r\n\r\n") + 4)))
        spans.insert_or_assign(text(span, "name"), span);
    return spans;
  }

  std::string all() {
    const std::lock_guard guard{mutex_};
    std::string whole;
    for (const auto& request : requests_)
      whole += request;
    return whole;
  }

private:
  void serve(test::raw_connection& connection) {
    for (auto request = connection.read_request(); !request.empty(); request = connection.read_request()) {
      connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
      const std::lock_guard guard{mutex_};
      requests_.push_back(std::move(request));
      came_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> requests_;
  test::raw_server server_{[this](test::raw_connection& connection) { serve(connection); }};
};

/// A gateway that sends its spans to `collector_url`.
class traced_gateway {
public:
  explicit traced_gateway(const std::string& collector_url) {
    const auto config =
      folder_.file("c.yml", "llm: {engine: openai_compatible, base_url: '" + mock_.base_url() +
                              "', model: mock}\nguardrails: {check_sensitive_data: true}\n");
    process_.emplace(GUARDRAILS_BINARY_DIR "/apps/guardrails",
                     std::vector<std::string>{"serve", "--listen", "127.0.0.1:0", "--config", config,
                                              "--otlp-endpoint", collector_url});
    const auto line = process_->wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s);
    port_ = static_cast<std::uint16_t>(std::stoi(line[1]));
  }

  std::string chat(const std::string& words, const std::string& headers = {}, bool stream = false) const {
    const auto body = json::serialize(json::object{
      {"stream", stream}, {"messages", json::array{json::object{{"role", "user"}, {"content", words}}}}});
    return test::ask_loopback(port_, "POST /v1/chat/completions HTTP/1.1\r\n" + headers + "X-Rest:", body);
  }

  std::string metrics() const { return test::ask_loopback(port_, "GET /metrics"); }

  /// The exit code after SIGTERM.
  int end() {
    kill(process_->id(), SIGTERM);
    return process_->wait(30s);
  }

  test::mock_llm_process& mock() noexcept { return mock_; }

private:
  test::scratch_folder folder_;
  test::mock_llm_process mock_;
  std::optional<test::child_process> process_;
  std::uint16_t port_ = 0;
};

} // namespace

TEST("a request is a server span with its stages as children") {
  const auto spans = encoded(chat_span());
  REQUIRE(spans.size() == 4);
  const auto& server = spans[0];
  CHECK_EQ(text(server, "name"), "POST /v1/chat/completions");
  CHECK_EQ(text(server, "traceId"), trace_id);
  CHECK_EQ(text(server, "parentSpanId"), client_span);
  CHECK_EQ(text(server, "startTimeUnixNano"), "1700000000000000000");
  CHECK_EQ(text(server, "endTimeUnixNano"), "1700000000001000000");
  CHECK_EQ(attribute(server, "http.route"), "/v1/chat/completions");
  CHECK_EQ(attribute(server, "http.response.status_code"), "200");
  CHECK_EQ(attribute(server, "guardrails.blocked"), "false");
  CHECK_EQ(attribute(server, "guardrails.block_reason"), "");
  CHECK_EQ(attribute(server, "guardrails.config_version"), "v1");
  CHECK_EQ(attribute(server, "gen_ai.response.model"), "m");
  auto at = time(server, "startTimeUnixNano") + 100'000; // the queue
  const char* const names[] = {"input_checks", "llm", "output_checks"};
  const std::int64_t times[] = {200'000, 300'000, 50'000};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& child = spans[i + 1];
    CHECK_EQ(text(child, "name"), names[i]);
    CHECK_EQ(text(child, "traceId"), trace_id);
    CHECK_EQ(text(child, "parentSpanId"), "1111111111111111");
    CHECK_EQ(text(child, "spanId").size(), 16u);
    CHECK_EQ(time(child, "startTimeUnixNano"), at);
    at += times[i];
    CHECK_EQ(time(child, "endTimeUnixNano"), at);
  }
}

TEST("what did not happen has no span, and nothing ends after its request") {
  auto request = chat_span();
  request.parent_id.clear();
  request.status = 503;
  request.blocked = block_reason::overloaded;
  request.model.clear();
  request.timings = {900, 500, 0, 0, 1400};
  const auto spans = encoded(request);
  REQUIRE(spans.size() == 2);
  CHECK(!spans[0].contains("parentSpanId"));
  CHECK_EQ(json::serialize(spans[0].at("status")), R"({"code":2})");
  CHECK_EQ(attribute(spans[0], "guardrails.block_reason"), "overloaded");
  CHECK_EQ(attribute(spans[0], "gen_ai.response.model"), "");
  CHECK_EQ(text(spans[1], "name"), "input_checks");
  CHECK_EQ(text(spans[1], "endTimeUnixNano"), text(spans[0], "endTimeUnixNano"));
  CHECK(spans_of(encode_spans({}, "1.2")).empty());
}

TEST("a collector gets the spans of the client's trace, and no texts") {
  collector spans;
  traced_gateway gate{spans.url()};
  gate.chat("private words", "traceparent: 00-" + trace_id + "-" + client_span + "-01\r\n");
  auto got = spans.wait_for_spans();
  const auto& server = got["POST /v1/chat/completions"];
  CHECK_EQ(text(server, "traceId"), trace_id);
  CHECK_EQ(text(server, "parentSpanId"), client_span);
  CHECK_EQ(text(got["llm"], "parentSpanId"), text(server, "spanId"));
  CHECK(got.contains("input_checks"));
  // The model's request belongs to the same span.
  const auto names = test::ask_loopback(gate.mock().port(), "GET /stats/names");
  CHECK(names.find("00-" + trace_id + "-" + text(server, "spanId") + "-01") != std::string::npos);
  CHECK_EQ(spans.all().find("private"), std::string::npos);
}

TEST("what is under way at the end is told, what nobody samples is not") {
  collector spans;
  {
    traced_gateway gate{spans.url()};
    gate.chat("one", "traceparent: 00-" + trace_id + "-" + client_span + "-00\r\n");
    gate.chat("two", {}, true);
    CHECK_EQ(gate.end(), 0);
  }
  const auto all = spans.all();
  CHECK_EQ(all.find(trace_id), std::string::npos);
  CHECK(all.find("output_checks") != std::string::npos); // of the stream
}

TEST("a collector that is away, or never answers, holds nothing up") {
  std::uint16_t nobody = 0;
  {
    nobody = test::raw_server{[](test::raw_connection&) {}}.port();
  }
  traced_gateway gate{"http://127.0.0.1:" + std::to_string(nobody) + "/v1/traces"};
  CHECK(gate.chat("hello").find("\"hello\"") != std::string::npos);
  bool dropped = false;
  for (int i = 0; i < 1000 && !dropped; ++i) {
    const auto counts = gate.metrics();
    dropped = counts.find("guardrails_spans_dropped_total 0\n") == std::string::npos;
    if (!dropped)
      std::this_thread::sleep_for(10ms);
  }
  CHECK(dropped);
  test::raw_server silent{[](test::raw_connection& connection) { connection.peer_leaves(); }};
  traced_gateway slow{"http://127.0.0.1:" + std::to_string(silent.port()) + "/v1/traces"};
  for (int i = 0; i < 20; ++i)
    CHECK(slow.chat("hello").find("\"hello\"") != std::string::npos);
  CHECK_EQ(slow.end(), 0);
}
