// The gateway's endpoints over real sockets, with the real mock upstream behind them.
#define CAF_SUITE gateway
#include "tests/caf_test.hpp"

#include "tests/gateway_process.hpp"

#include <boost/json.hpp>

#include <csignal>

namespace {

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;
namespace json = boost::json;

constexpr const char* card = "My card is 4111 1111 1111 1111";

} // namespace

TEST("every endpoint answers") {
  gateway_process gate;
  client one{gate.port()};
  const auto done = one.ask(chat_request("What is machine learning?"));
  CHECK_EQ(done.status, 200);
  CHECK_EQ(content_of(done), "What is machine learning?");
  CHECK_EQ(done.header("x-guardrails-config-version").size(), 16u);
  CHECK_EQ(done.header("x-request-id").size(), 32u);
  const auto stream = one.ask(chat_request("Hello there", "x-request-id: mine-1\r\n", R"("stream":true,)"));
  CHECK_EQ(stream.header("Content-Type"), "text/event-stream");
  CHECK_EQ(stream.header("x-request-id"), "mine-1");
  CHECK(stream.body.ends_with("data: [DONE]\n\n"));
  CHECK(stream.body.find("Hello there") != std::string::npos);
  const auto simple = json::parse(one.ask(post_request("/chat", R"({"message":"Hello"})")).body);
  CHECK_EQ(simple.at("response").as_string(), "Hello");
  CHECK(!simple.at("blocked").as_bool());
  const auto report =
    json::parse(one
                  .ask(post_request("/v1/guardrails/check",
                                    std::string{R"({"direction":"input","text":")"} + card + "\"}"))
                  .body);
  CHECK(!report.at("passed").as_bool());
  const auto moderated = json::parse(
    one.ask(post_request("/v1/moderations", R"({"input":["Hello","You are a worthless piece of shit."]})"))
      .body);
  REQUIRE(moderated.at("results").as_array().size() == 2);
  CHECK(!moderated.at("results").at(0).at("flagged").as_bool());
  CHECK(moderated.at("results").at(1).at("flagged").as_bool());
  const auto models = json::parse(one.ask(get_request("/v1/models")).body);
  CHECK_EQ(models.at("data").at(0).at("id").as_string(), "mock");
  CHECK_EQ(one.ask(get_request("/healthz")).status, 200);
  const auto ready = one.ask(get_request("/readyz"));
  CHECK_EQ(ready.status, 200);
  CHECK_EQ(json::parse(ready.body).at("checks").as_array().size(), 3u);
  CHECK(json::parse(one.ask(get_request("/version")).body).at("version").is_string());
  CHECK_EQ(one.ask(post_request("/admin/config", "x")).status, 404); // no keys, no administrator
  CHECK(one.ended()); // whoever is refused before the body is read has to connect again
  const auto counts = gate.ask(get_request("/metrics")).body;
  const auto has = [&](const char* line) { return counts.find(line) != std::string::npos; };
  CHECK(has("guardrails_requests_total{route=\"chat_completions\",status=\"200\"} 2\n"));
  CHECK(has("guardrails_requests_total{route=\"admin_config\",status=\"404\"} 1\n"));
  CHECK(has("guardrails_connections_accepted_total 2\n"));
  CHECK(has("guardrails_in_flight 0\n"));
}

TEST("blocked chats are refusals, and errors on request") {
  gateway_process gate;
  const auto refusal = gate.ask(chat_request(card, "x-guardrails-report: true\r\n"));
  CHECK_EQ(refusal.status, 200);
  const auto body = json::parse(refusal.body);
  CHECK_EQ(body.at("choices").at(0).at("finish_reason").as_string(), "content_filter");
  CHECK_EQ(body.at("guardrails").at("block_reason").as_string(), "input");
  CHECK_EQ(refusal.body.find("4111"), std::string::npos);
  const auto stream =
    gate.ask(chat_request(card, {}, R"("stream":true,"stream_options":{"include_usage":true},)"));
  CHECK(stream.body.find("content_filter") != std::string::npos);
  CHECK_EQ(stream.body.find("4111"), std::string::npos);
  CHECK_EQ(gate.mock().stats().requests, 0);
  gateway_process strict{{"--blocked-as", "error"}};
  const auto error = strict.ask(chat_request(card));
  CHECK_EQ(error.status, 400);
  CHECK_EQ(code_of(error), "content_filter");
}

TEST("a leaking answer is not shown, streamed or not") {
  scratch_folder folder;
  gateway_process gate{{}, {"--answer", card}};
  for (const auto* more : {"", R"("stream":true,)"}) {
    const auto got = gate.ask(chat_request("Hello", {}, more));
    CHECK_EQ(got.status, 200);
    CHECK(got.body.find("content_filter") != std::string::npos);
    CHECK_EQ(got.body.find("4111"), std::string::npos);
  }
}

TEST("what nothing looks at is shown while it comes, and a client that leaves ends it") {
  gateway_process gate{{}, {"--tokens-per-second", "40"}, "output_checks: false"};
  const std::string words = "one two three four five six seven eight nine ten";
  client reading{gate.port()};
  reading.write(chat_request(words, {}, R"("stream":true,"stream_options":{"include_usage":true},)"));
  const auto got = reading.read();
  CHECK_EQ(got.status, 200);
  CHECK(got.chunks >= 2);
  CHECK(!got.header("x-guardrails-config-version").empty());
  CHECK(got.body.find(R"("finish_reason":"stop")") != std::string::npos);
  CHECK(got.body.find(R"("completion_tokens")") != std::string::npos);
  CHECK(got.body.ends_with("data: [DONE]\n\n"));
  CHECK_EQ(reading.ask(get_request("/healthz")).status, 200); // on the same connection
  {
    client leaving{gate.port()};
    std::string endless; // the model takes minutes for it
    for (int i = 0; i < 500; ++i)
      endless.append(words).append(" ");
    leaving.write(chat_request(endless, {}, R"("stream":true,)"));
    CHECK(leaving.sees("two"));
  }
  CHECK(comes_true([&] { return gate.mock().stats().cancelled == 1; }));
  CHECK(gate.alive());
}

TEST("a client of HTTP/1.0 gets its stream whole") {
  gateway_process gate{{}, {}, "output_checks: false"};
  const auto body = chat_body("one two", R"("stream":true,)");
  client old{gate.port()};
  const auto got =
    old.ask("POST /v1/chat/completions HTTP/1.0\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n\r\n" + body);
  CHECK_EQ(got.header("Content-Length"), std::to_string(got.body.size()));
  CHECK(got.body.ends_with("data: [DONE]\n\n"));
  CHECK(old.ended());
}

TEST("failures have statuses of their own") {
  gateway_process failing{{}, {"--errors", "100%"}};
  const auto broken = failing.ask(chat_request("Hello"));
  CHECK_EQ(broken.status, 502);
  CHECK_EQ(code_of(broken), "llm_error");
  CHECK_EQ(code_of(failing.ask(chat_request("Hello", "x-guardrails-deadline-ms: soon\r\n"))), "");
  gateway_process hanging{{"--max-in-flight", "1"}, {"--hang", "100%"}};
  client slow{hanging.port()};
  slow.write(chat_request("Hello", "x-guardrails-deadline-ms: 700\r\n"));
  CHECK(comes_true([&] { return hanging.mock().stats().requests == 1; }));
  const auto full = hanging.ask(chat_request("Hello"));
  CHECK_EQ(full.status, 503);
  CHECK_EQ(full.header("Retry-After"), "1");
  CHECK_EQ(slow.read().status, 504);
  {
    client leaving{hanging.port()};
    leaving.write(chat_request("Hello"));
    CHECK(comes_true([&] { return hanging.mock().stats().requests == 2; }));
  }
  CHECK(comes_true([&] { return hanging.mock().stats().cancelled == 2; }));
  CHECK(hanging.alive());
}

TEST("readiness names the check that failed, until a reload mends it") {
  gateway_process gate{
    {},
    {},
    "toxicity: {engine: openai_compatible, base_url: 'http://127.0.0.1:9/v1', model: x, timeout: 300ms}"};
  const auto before = gate.ask(get_request("/readyz"));
  CHECK_EQ(before.status, 503);
  CHECK_EQ(json::serialize(json::parse(before.body).at("failed")), R"(["toxicity"])");
  gate.write_config("check_toxicity: true");
  gate.process().signal(SIGHUP);
  CHECK(comes_true([&] { return gate.ask(get_request("/readyz")).status == 200; }));
  gate.write_config("no_such_key: 1");
  gate.process().signal(SIGHUP);
  CHECK(comes_true([&] {
    return gate.ask(get_request("/metrics")).body.find("guardrails_config_failures_total 1\n") !=
           std::string::npos;
  }));
  CHECK_EQ(gate.ask(get_request("/readyz")).status, 200);
}

TEST("every check has a canary, and what cannot have one does not hold up readiness") {
  gateway_process every{
    {},
    {},
    "check_sql_syntax: true, pii: {enabled: true}, check_off_topic: true, allowed_topics: [{name: cooking, "
    "description: recipes and food}], data_exfiltration: {enabled: true}, block_list: {words: [swordfish]}, "
    "ban_list: {x: [marlin]}, invisible_text: {}, urls: {deny: [evil.com]}, languages: {allow: [en], "
    "min_bytes: "
    "400}, output_json: {}, routes: [{name: fishing, utterances: [how to catch a marlin]}]"};
  const auto armed = json::parse(every.ask(get_request("/readyz")).body);
  CHECK(armed.at("ready").as_bool());
  CHECK_EQ(armed.at("checks").as_array().size(), 14u);
  for (const auto& check : armed.at("checks").as_array())
    if (check.at("proof").as_string() != "armed")
      CAF_ERROR(json::serialize(check));
  gateway_process own{
    {}, {}, "block_list: {patterns: ['a+b']}, pii: {enabled: true, entity_types: [US_NPI]}"};
  const auto unknown = json::parse(own.ask(get_request("/readyz")).body);
  CHECK(unknown.at("ready").as_bool());
  CHECK_EQ(unknown.at("checks").at(0).at("proof").as_string(), "unknown");
  gateway_process broken{{}, {}, "block_list: {words: [swordfish], patterns: ['(?s).+']}"};
  CHECK_EQ(json::serialize(json::parse(broken.ask(get_request("/readyz")).body).at("failed")),
           R"(["block_list"])");
}

TEST("the log has names and statuses, and nothing of the texts") {
  gateway_process gate{{"--log-json"}};
  const auto got = gate.ask(chat_request(
    "private words", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"));
  const auto trace = got.header("traceparent");
  CHECK(trace.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
  CHECK_EQ(trace.find("00f067aa0ba902b7"), std::string::npos);
  const auto line = gate.process().wait_for_line("\\{\"time\".*\\}")[0];
  const auto entry = json::parse(line);
  CHECK_EQ(entry.at("request_id").as_string(), got.header("x-request-id"));
  CHECK_EQ(entry.at("trace_id").as_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
  CHECK_EQ(entry.at("status").to_number<int>(), 200);
  gate.ask(get_request("/private?private=private"));
  gate.process().signal(SIGTERM);
  CHECK_EQ(gate.process().wait(), 0);
  CHECK_EQ(gate.process().output().find("private"), std::string::npos);
}

TEST("a browser gets a page that may load nothing from elsewhere") {
  gateway_process gate{{"--threads", "1"}};
  client one{gate.port()};
  const auto first = one.ask(get_request("/"));
  CHECK_EQ(first.status, 200);
  CHECK_EQ(first.header("Content-Type"), "text/html; charset=utf-8");
  CHECK(first.header("Content-Security-Policy").starts_with("default-src 'self'; "));
  CHECK_EQ(first.header("X-Content-Type-Options"), "nosniff");
  CHECK_EQ(first.header("Cache-Control"), "no-cache");
  for (const auto* part : {"<script>", " style=", " onclick=", "http://", "//www"})
    CHECK_EQ(first.body.find(part), std::string::npos);
  for (std::size_t at = 0; (at = first.body.find("\"/page/", at)) != std::string::npos; ++at) {
    const auto path = first.body.substr(at + 1, first.body.find('"', at + 1) - at - 1);
    const auto file = one.ask(get_request(path));
    CHECK_EQ(file.status, 200);
    CHECK(file.header("Content-Security-Policy").starts_with("default-src 'self'; "));
    const auto again =
      one.ask(get_request(path, "If-None-Match: W/\"other\", " + file.header("ETag") + "\r\n"));
    CHECK_EQ(again.status, 304);
    CHECK(again.body.empty());
    CHECK_EQ(again.header("ETag"), file.header("ETag"));
    CHECK_EQ(again.header("Content-Length"), "");
  }
  one.write("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto head = one.read(false);
  CHECK_EQ(head.status, 200);
  CHECK_EQ(head.header("Content-Length"), std::to_string(first.body.size()));
  one.write("HEAD /v1/models HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_EQ(one.read(false).status, 405);
  const auto wrong = one.ask(post_request("/", ""));
  CHECK_EQ(wrong.status, 405);
  CHECK_EQ(wrong.header("Allow"), "GET, HEAD");
  CHECK_EQ(one.ask(get_request("/page/none.js")).status, 404);
  CHECK_EQ(one.ask(get_request("/page/../route.cpp")).status, 404);
  CHECK_EQ(one.ask(get_request("/healthz")).status, 200); // still in step
}

TEST("the page needs no key, and may be left out") {
  scratch_folder folder;
  folder.file("keys.yml", "keys:\n" + key_line("web", "sk-web", ""));
  gateway_process locked{{"--keys", folder.path("keys.yml")}};
  CHECK_EQ(locked.ask(get_request("/")).status, 200);
  CHECK_EQ(locked.ask(get_request("/page/page.js")).status, 200);
  gateway_process bare{{"--no-page"}};
  CHECK_EQ(bare.ask(get_request("/")).status, 404);
  CHECK_EQ(bare.ask(get_request("/page/page.js")).status, 404);
}
