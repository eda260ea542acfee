// Spans: as OTLP wants them, and on their way from the real gateway to collectors of every mood.
#define CAF_SUITE traces
#include "tests/caf_test.hpp"

#include "apps/gateway/span_exporter.hpp"
#include "apps/gateway/trace_context.hpp"
#include "tests/gateway_process.hpp"
#include "tests/raw_server.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <map>
#include <mutex>
#include <set>

namespace {

using namespace guardrails;
using namespace guardrails::gateway;
using namespace std::chrono_literals;
namespace json = boost::json;
using namespace guardrails::test;

constexpr auto trace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr auto parent = "00f067aa0ba902b7";
constexpr auto taken = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

request_span some_request() {
  request_span request;
  request.trace_id = trace;
  request.span_id = "b7ad6b7169203331";
  request.parent_id = parent;
  request.method = "POST";
  request.route = "/v1/chat/completions";
  request.status = 200;
  request.request_id = "r-1";
  request.config_version = "0123456789abcdef";
  request.model = "mock";
  request.begin = std::chrono::system_clock::time_point{1'700'000'000s + 5us};
  request.duration = 2500us;
  return request;
}

std::vector<json::object> spans_of(const std::string& body) {
  std::vector<json::object> spans;
  const auto whole = json::parse(body);
  for (const auto& resource : whole.at("resourceSpans").as_array())
    for (const auto& scope : resource.at("scopeSpans").as_array())
      for (const auto& span : scope.at("spans").as_array())
        spans.push_back(span.as_object());
  return spans;
}

std::map<std::string, std::string> attributes_of(const json::object& span) {
  std::map<std::string, std::string> all;
  if (const auto* list = span.if_contains("attributes"))
    for (const auto& entry : list->as_array()) {
      const auto& value = entry.at("value").as_object().begin()->value();
      all[entry.at("key").as_string().c_str()] =
        value.is_string() ? std::string{value.as_string()} : json::serialize(value);
    }
  return all;
}

std::string text_of(const json::object& span, const char* member) {
  const auto* text = span.if_contains(member);
  return text ? std::string{text->as_string()} : std::string{};
}

/// A collector that keeps what it is sent and answers what the test says, once for each export.
class collector {
public:
  explicit collector(std::function<std::string(int)> answer = [](int) { return taken; })
    : server_{[this, answer = std::move(answer)](raw_connection& peer) {
      for (auto request = peer.read_request(); !request.empty(); request = peer.read_request()) {
        const auto text = answer(++exports_);
        if (text.empty()) { // never
          static_cast<void>(peer.peer_leaves());
          return;
        }
        {
          const std::lock_guard guard{mutex_};
          heads_.push_back(request.substr(0, request.find("\r\n\r\n")));
          if (text == taken)
            for (auto& span : spans_of(request.substr(request.find("\r\n\r\n") + 4)))
              spans_.push_back(std::move(span));
        }
        if (!peer.write(text))
          return;
      }
    }} {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/v1/traces"; }
  int exports() const noexcept { return exports_; }

  std::vector<json::object> spans() const {
    const std::lock_guard guard{mutex_};
    return spans_;
  }

  std::string first_head() const {
    const std::lock_guard guard{mutex_};
    return heads_.empty() ? std::string{} : heads_.front();
  }

private:
  mutable std::mutex mutex_;
  std::vector<json::object> spans_;
  std::vector<std::string> heads_;
  std::atomic<int> exports_{0};
  raw_server server_; // last: its threads use the others
};

/// Impatient, so that tests are quick.
export_options options_for(const std::string& url) {
  export_options options;
  options.url = url;
  options.gather_time = 5ms;
  options.first_pause = 5ms;
  options.end_time = 300ms;
  return options;
}

std::string unused_address() {
  std::uint16_t port = 0;
  {
    const raw_server gone{[](raw_connection&) {}};
    port = gone.port();
  }
  return "http://127.0.0.1:" + std::to_string(port) + "/v1/traces";
}

/// The server spans with this parent, `""` for none.
std::vector<json::object> children_of(const std::vector<json::object>& spans, const std::string& of) {
  std::vector<json::object> found;
  for (const auto& span : spans)
    if (text_of(span, "parentSpanId") == of)
      found.push_back(span);
  return found;
}

std::string traceparent(const std::string& flags) {
  return std::string{"traceparent: 00-"}.append(trace).append("-").append(parent).append("-").append(flags) +
         "\r\n";
}

} // namespace

TEST("a request is a server span with its stages as children") {
  auto request = some_request();
  request.blocked = block_reason::output;
  request.stages = stages_of({7, 100, 1000, 50, 1157}, 20us, request.duration);
  REQUIRE(request.stages.size() == 3);
  CHECK_EQ(count_spans({&request, 1}), 4u);
  const auto body = encode_spans({&request, 1}, "my-gateway");
  const auto whole = json::parse(body);
  const auto& resource = whole.at("resourceSpans").at(0).at("resource").at("attributes").at(0);
  CHECK_EQ(resource.at("key").as_string(), "service.name");
  CHECK_EQ(resource.at("value").at("stringValue").as_string(), "my-gateway");
  const auto spans = spans_of(body);
  REQUIRE(spans.size() == 4);
  const auto& server = spans[0];
  CHECK_EQ(text_of(server, "traceId"), trace);
  CHECK_EQ(text_of(server, "spanId"), "b7ad6b7169203331");
  CHECK_EQ(text_of(server, "parentSpanId"), parent);
  CHECK_EQ(text_of(server, "name"), "POST /v1/chat/completions");
  CHECK_EQ(server.at("kind").as_int64(), 2);
  CHECK_EQ(text_of(server, "startTimeUnixNano"), "1700000000000005000");
  CHECK_EQ(text_of(server, "endTimeUnixNano"), "1700000000002505000");
  CHECK(!server.contains("status"));
  const auto attributes = attributes_of(server);
  const std::map<std::string, std::string> expected{
    {"gen_ai.response.model", "mock"},    {"guardrails.block_reason", "output"},
    {"guardrails.blocked", "true"},       {"guardrails.config_version", "0123456789abcdef"},
    {"guardrails.request_id", "r-1"},     {"http.request.method", "POST"},
    {"http.response.status_code", "200"}, {"http.route", "/v1/chat/completions"}};
  CHECK(attributes == expected);
  const std::array<std::string, 3> names{"input_checks", "llm", "output_checks"};
  const std::array<std::string, 3> begins{"1700000000000025000", "1700000000000125000",
                                          "1700000000001125000"};
  std::set<std::string> ids{text_of(server, "spanId")};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_EQ(text_of(spans[i + 1], "name"), names[i]);
    CHECK_EQ(text_of(spans[i + 1], "parentSpanId"), "b7ad6b7169203331");
    CHECK_EQ(text_of(spans[i + 1], "traceId"), trace);
    CHECK_EQ(text_of(spans[i + 1], "startTimeUnixNano"), begins[i]);
    CHECK_EQ(spans[i + 1].at("kind").as_int64(), i == 1 ? 3 : 1);
    ids.insert(text_of(spans[i + 1], "spanId"));
  }
  CHECK_EQ(text_of(spans[3], "endTimeUnixNano"), "1700000000001175000");
  CHECK_EQ(ids.size(), 4u);
}

TEST("what is not known is left out, and what clients and models make up is no name") {
  request_span request = some_request();
  request.parent_id.clear();
  request.method = "BREW";
  request.route = {};
  request.status = 503;
  request.config_version.clear();
  request.model = "\xff";
  const auto span = spans_of(encode_spans({&request, 1}, "g")).at(0);
  CHECK(!span.contains("parentSpanId"));
  CHECK_EQ(text_of(span, "name"), "HTTP");
  CHECK_EQ(span.at("status").at("code").as_int64(), 2);
  const auto attributes = attributes_of(span);
  const std::map<std::string, std::string> expected{{"guardrails.request_id", "r-1"},
                                                    {"http.request.method", "_OTHER"},
                                                    {"http.response.status_code", "503"}};
  CHECK(attributes == expected);
  CHECK_EQ(spans_of(encode_spans({}, "g")).size(), 0u);
}

TEST("stages stay within their request") {
  const auto none = stages_of({}, 10us, 100us);
  CHECK(none.empty());
  const auto stages = stages_of({0, 60, 0, 70, 130}, 10us, 100us);
  REQUIRE(stages.size() == 2);
  CHECK_EQ(stages[0].duration.count(), 60);
  CHECK_EQ(stages[1].after.count(), 70);
  CHECK_EQ(stages[1].duration.count(), 30);
  for (const auto& stage : stages_of({0, 5, 5, 5, 15}, 100us, 90us)) {
    CHECK_EQ(stage.after.count(), 90);
    CHECK_EQ(stage.duration.count(), 0);
  }
}

TEST("whether a trace is recorded is its beginner's choice") {
  const auto flags = [](const char* text) { return is_sampled({trace, parent, text}); };
  CHECK(flags("01"));
  CHECK(flags("ff"));
  CHECK(flags("0b"));
  CHECK(!flags("00"));
  CHECK(!flags("fe"));
}

TEST("the option goes before the environment") {
  CHECK_EQ(endpoint_of("a", "b", "c"), "a");
  CHECK_EQ(endpoint_of("", "b", "c"), "b");
  CHECK_EQ(endpoint_of("", "", "http://c:4318"), "http://c:4318/v1/traces");
  CHECK_EQ(endpoint_of("", "", "http://c:4318/"), "http://c:4318/v1/traces");
  CHECK_EQ(endpoint_of("", "", ""), "");
}

TEST("what waits at the end is sent, in batches") {
  metrics counts;
  collector to;
  {
    auto options = options_for(to.url());
    options.gather_time = 1min;
    options.most_in_batch = 10;
    options.end_time = 20s;
    span_exporter exporter{options, counts};
    for (int i = 0; i < 25; ++i)
      exporter.add(some_request());
  }
  CHECK_EQ(counts.spans_exported.load(), 25u);
  CHECK_EQ(counts.spans_dropped.load(), 0u);
  CHECK_EQ(to.spans().size(), 25u);
  CHECK_EQ(to.exports(), 3);
  CHECK(to.first_head().starts_with("POST /v1/traces HTTP/1.1\r\n"));
  CHECK(to.first_head().find("Content-Type: application/json") != std::string::npos);
}

TEST("a collector that is busy is asked again, one that refuses is not") {
  const auto busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
  const auto refusal = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  metrics counts;
  collector recovers{[&](int n) { return n < 3 ? busy : taken; }};
  collector refuses{[&](int) { return refusal; }};
  collector stays{[&](int) { return busy; }};
  span_exporter first{options_for(recovers.url()), counts};
  first.add(some_request());
  CHECK(comes_true([&] { return counts.spans_exported == 1; }));
  CHECK_EQ(recovers.exports(), 3);
  CHECK_EQ(recovers.spans().size(), 1u);
  span_exporter second{options_for(refuses.url()), counts};
  second.add(some_request());
  CHECK(comes_true([&] { return counts.spans_dropped == 1; }));
  CHECK_EQ(refuses.exports(), 1);
  span_exporter third{options_for(stays.url()), counts};
  third.add(some_request());
  CHECK(comes_true([&] { return counts.spans_dropped == 2; }));
  CHECK_EQ(stays.exports(), 4);
  CHECK_EQ(counts.spans_exported.load(), 1u);
}

TEST("a collector that never answers loses what does not fit, and holds up nobody") {
  constexpr std::uint64_t all = 500;
  metrics counts;
  collector silent{[](int) { return std::string{}; }};
  {
    auto options = options_for(silent.url());
    options.most_waiting = 16;
    options.most_in_batch = 8;
    span_exporter exporter{options, counts};
    for (std::uint64_t i = 0; i < all; ++i)
      exporter.add(some_request());
    CHECK(counts.spans_dropped >= all - 16 - 8);
  }
  CHECK_EQ(counts.spans_dropped.load(), all); // each exactly once
  CHECK_EQ(counts.spans_exported.load(), 0u);
}

TEST("a collector that is down loses spans, and the end does not wait for it") {
  metrics counts;
  {
    auto options = options_for(unused_address());
    options.first_pause = 10min;
    span_exporter exporter{options, counts};
    for (int i = 0; i < 10; ++i)
      exporter.add(some_request());
  }
  CHECK_EQ(counts.spans_dropped.load(), 10u);
}

TEST("the gateway's requests become spans of their clients' traces, without their texts") {
  collector to;
  gateway_process gate{{"--otlp-endpoint", to.url()}};
  client one{gate.port()};
  const auto done = one.ask(chat_request("Tell me about Zanzibar", traceparent("01")));
  CHECK_EQ(done.status, 200);
  const auto unsampled = one.ask(chat_request("Hello", traceparent("00")));
  CHECK_EQ(unsampled.header("traceparent").substr(0, 36), std::string{"00-"} + trace + "-");
  CHECK(unsampled.header("traceparent").ends_with("-00"));
  const auto blocked =
    one.ask(chat_request("Zanzibar: my card is 4111 1111 1111 1111", {}, R"("stream":true,)"));
  CHECK_EQ(blocked.status, 200);
  CHECK_EQ(one.ask(get_request("/metrics")).status, 200);
  CHECK_EQ(one.ask(post_request("/nowhere", "")).status, 404);
  gate.process().signal(SIGTERM); // what waits is sent
  CHECK_EQ(gate.process().wait(20s), 0);
  const auto spans = to.spans();
  const auto ours = children_of(spans, parent);
  REQUIRE(ours.size() == 1);
  CHECK_EQ(text_of(ours[0], "traceId"), trace);
  CHECK_EQ(done.header("traceparent"), std::string{"00-"} + trace + "-" + text_of(ours[0], "spanId") + "-01");
  const auto stages = children_of(spans, text_of(ours[0], "spanId"));
  REQUIRE(stages.size() == 3);
  CHECK_EQ(text_of(stages[0], "name"), "input_checks");
  CHECK_EQ(text_of(stages[1], "name"), "llm");
  CHECK_EQ(text_of(stages[2], "name"), "output_checks");
  for (const auto& stage : stages) {
    CHECK(text_of(stage, "startTimeUnixNano") >= text_of(ours[0], "startTimeUnixNano"));
    CHECK(text_of(stage, "endTimeUnixNano") <= text_of(ours[0], "endTimeUnixNano"));
  }
  auto attributes = attributes_of(ours[0]);
  CHECK_EQ(attributes["gen_ai.response.model"], "mock");
  CHECK_EQ(attributes["guardrails.blocked"], "false");
  CHECK_EQ(attributes["guardrails.config_version"], done.header("x-guardrails-config-version"));
  CHECK_EQ(attributes["guardrails.request_id"], done.header("x-request-id"));
  const auto roots = children_of(spans, "");
  REQUIRE(roots.size() == 2);
  CHECK_EQ(blocked.header("traceparent"),
           "00-" + text_of(roots[0], "traceId") + "-" + text_of(roots[0], "spanId") + "-01");
  attributes = attributes_of(roots[0]);
  CHECK_EQ(attributes["guardrails.block_reason"], "input");
  CHECK_EQ(children_of(spans, text_of(roots[0], "spanId")).size(), 1u); // no model was asked
  attributes = attributes_of(roots[1]);
  CHECK_EQ(attributes["http.response.status_code"], "404");
  CHECK(!attributes.contains("http.route"));
  for (const auto& span : spans)
    CHECK_EQ(json::serialize(span).find("Zanzibar"), std::string::npos);
}

TEST("a stream's span has its model and its end") {
  collector to;
  gateway_process gate{{"--otlp-endpoint", to.url()}, {}, "input_checks: false, output_checks: false"};
  CHECK_EQ(gate.ask(chat_request("Hello there", {}, R"("stream":true,)")).status, 200);
  gate.process().signal(SIGTERM);
  CHECK_EQ(gate.process().wait(20s), 0);
  const auto spans = to.spans();
  const auto roots = children_of(spans, "");
  REQUIRE(roots.size() == 1);
  auto attributes = attributes_of(roots[0]);
  CHECK_EQ(attributes["gen_ai.response.model"], "mock");
  const auto stages = children_of(spans, text_of(roots[0], "spanId"));
  CHECK(std::ranges::any_of(stages, [](const auto& stage) { return text_of(stage, "name") == "llm"; }));
}

TEST("requests are answered whatever the collector does, and the gateway ends") {
  collector silent{[](int) { return std::string{}; }};
  for (const auto& url : {silent.url(), unused_address()}) {
    gateway_process gate{{"--otlp-endpoint", url}};
    client one{gate.port()};
    for (int i = 0; i < 100; ++i)
      CHECK_EQ(one.ask(chat_request("Hello")).status, 200);
    gate.process().signal(SIGTERM);
    CHECK_EQ(gate.process().wait(30s), 0);
  }
}

TEST("without a collector no trace is begun") {
  gateway_process gate;
  CHECK_EQ(gate.ask(chat_request("Hello")).header("traceparent"), "");
  scratch_folder folder;
  folder.file("c.yml", "llm: {engine: echo}");
  child_process wrong{GUARDRAILS_BINARY_DIR "/apps/guardrails",
                      {"serve", "--config", folder.path("c.yml"), "--otlp-endpoint", "collector:4318"}};
  CHECK_EQ(wrong.wait(20s), 2);
}
