// The HTTP client against a well-behaved upstream, and against peers that are not.
#define CAF_SUITE http_client
#include "tests/caf_test.hpp"

#include "net/retry_after.hpp"
#include "tests/http_asking.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/raw_server.hpp"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <future>
#include <map>
#include <netdb.h>

// Stands in front of the C library's own, so that one name never seems to resolve.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  if (node && std::string_view{node} == "hangs.invalid")
    std::this_thread::sleep_for(std::chrono::seconds{6});
  static const auto next = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return next(node, service, hints, found);
}

namespace {

using namespace guardrails;
using namespace guardrails::net;
using namespace std::chrono_literals;
using test::ask;
using test::inbox;
using test::post;
using test::quotes_nothing;
using test::raw_connection;
using test::raw_server;
using clock_type = std::chrono::steady_clock;

std::string chat_url(const test::mock_llm_process& mock) {
  return mock.base_url() + "/chat/completions";
}

/// The answer to one request at a server that reads it, writes `text` and closes.
http_response ask_server_that_writes(std::string text, std::uint64_t limit = 16u << 20) {
  raw_server server{[text = std::move(text)](raw_connection& peer) {
    peer.read_request();
    peer.write(text);
  }};
  auto request = post(1, server.url());
  request.max_response_bytes = limit;
  return ask(std::move(request));
}

std::uint16_t closed_port() {
  return raw_server{[](raw_connection&) {}}.port();
}

} // namespace

TEST("an answer arrives with its ticket, status and body") {
  test::mock_llm_process mock;
  const auto response = ask(post(42, chat_url(mock)));
  CHECK_EQ(response.ticket, 42u);
  CHECK(response.result == transfer_result::ok);
  CHECK_EQ(response.status, 200u);
  CHECK(response.body.find("private prompt") != std::string::npos);
  CHECK(response.problem.empty() && response.retry_after < 0ms);
}

TEST("the request arrives as it was given, without Expect") {
  std::promise<std::string> seen;
  raw_server server{[&](raw_connection& peer) {
    seen.set_value(peer.read_request());
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  }};
  auto request = post(1, server.url());
  request.body.assign(2u << 20, 'b');
  const auto body = request.body;
  CHECK_EQ(ask(std::move(request)).body, "hi");
  const auto text = seen.get_future().get();
  CHECK(text.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
  CHECK(text.find("Authorization: Bearer secret-key\r\n") != std::string::npos);
  CHECK(text.find("Expect") == std::string::npos);
  CHECK(text.ends_with("\r\n\r\n" + body));
}

TEST("every HTTP status is an answer") {
  test::mock_llm_process mock;
  inbox answers;
  http_client client{4};
  client.reset(answers.sink());
  for (std::uint64_t status : {401, 404, 429, 500, 503})
    client.submit(post(status, chat_url(mock), "mock-" + std::to_string(status)));
  client.submit(post(1, chat_url(mock), "mock-html"));
  for (std::uint64_t status : {401, 404, 429, 500, 503}) {
    const auto response = answers.wait_for(status);
    CHECK(response.result == transfer_result::ok);
    CHECK_EQ(response.status, status);
  }
  CHECK(answers.wait_for(1).body.starts_with("<!DOCTYPE html>"));
}

TEST("redirects are answers too") {
  const auto response = ask_server_that_writes(
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  CHECK(response.result == transfer_result::ok);
  CHECK_EQ(response.status, 302u);
}

TEST("Retry-After is seconds or a date") {
  test::mock_llm_process mock{{"--retry-after", "7"}};
  CHECK(ask(post(1, chat_url(mock), "mock-429")).retry_after == 7s);
  CHECK(ask_server_that_writes(
          "HTTP/1.1 503 No\r\nretry-AFTER:  Fri, 31 Dec 1999 23:59:59 GMT\r\nContent-Length: "
          "0\r\nConnection: close\r\n\r\n")
          .retry_after == 0ms);
  const std::time_t now = 784'111'777; // Sun, 06 Nov 1994 08:49:37 GMT
  CHECK(parse_retry_after(" 120 \r\n", now) == 120s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now) == 30s);
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:47 GMT", now) == 10s);
  CHECK(parse_retry_after("Sun Nov  6 08:49:38 1994", now) == 1s);
  CHECK(parse_retry_after("99999999999999999999999999", now) == std::chrono::hours{24 * 365});
  for (const auto* wrong : {"", "soon", "-5", "1.5", "12x", "\"7\"", "2024"})
    CHECK(parse_retry_after(wrong, now) < 0ms || std::string_view{wrong} == "2024");
}

TEST("a refused connection fails as such") {
  const auto response = ask(post(1, "http://127.0.0.1:" + std::to_string(closed_port()) + "/"));
  CHECK(response.result == transfer_result::connect_failed);
  CHECK(quotes_nothing(response));
}

TEST("what is no URL is refused") {
  CHECK(ask(post(1, "ftp://127.0.0.1/")).result == transfer_result::broken);
  CHECK(ask(post(1, "file:///etc/hostname")).result == transfer_result::broken);
  CHECK(ask(post(1, "")).result == transfer_result::broken);
  auto request = post(1, "http://127.0.0.1:1/");
  request.headers.emplace_back("X-Key: a\r\nX-Smuggled: b");
  const auto response = ask(std::move(request));
  CHECK(response.result == transfer_result::broken);
  CHECK(quotes_nothing(response));
}

TEST("a peer that never answers costs the timeout, not more") {
  raw_server server{[](raw_connection& peer) { peer.peer_leaves(); }};
  auto request = post(1, server.url());
  request.timeout = 100ms;
  const auto begin = clock_type::now();
  const auto response = ask(std::move(request));
  CHECK(response.result == transfer_result::timeout);
  CHECK(quotes_nothing(response));
  CHECK(clock_type::now() - begin >= 95ms);
  CHECK(clock_type::now() - begin < 5s);
}

TEST("a name that does not resolve holds up nobody") {
  test::mock_llm_process mock;
  const auto begin = clock_type::now();
  {
    inbox answers;
    http_client client{8};
    client.reset(answers.sink());
    for (std::uint64_t i = 1; i <= 3; ++i)
      client.submit(post(i, "http://hangs.invalid/"));
    auto limited = post(4, "http://hangs.invalid/");
    limited.connect_timeout = 50ms;
    client.submit(std::move(limited));
    CHECK(answers.wait_for(4).result == transfer_result::connect_failed);
    client.cancel(1);
    CHECK(answers.wait_for(1).result == transfer_result::cancelled);
    client.submit(post(5, chat_url(mock)));
    CHECK(answers.wait_for(5).result == transfer_result::ok);
  }
  CHECK(clock_type::now() - begin < 5s);
}

TEST("a slow body is bounded by the same timeout") {
  test::mock_llm_process mock{{"--tokens-per-second", "1"}};
  auto request = post(1, chat_url(mock));
  request.timeout = 150ms;
  CHECK(ask(std::move(request)).result == transfer_result::timeout);
}

TEST("waiting for a connection counts towards the timeout") {
  test::mock_llm_process mock;
  inbox answers;
  http_client client{1};
  client.reset(answers.sink());
  client.submit(post(1, chat_url(mock), "mock-hang"));
  auto second = post(2, chat_url(mock));
  second.timeout = 100ms;
  client.submit(std::move(second));
  CHECK(answers.wait_for(2).result == transfer_result::timeout);
  client.submit(post(3, chat_url(mock)));
  client.cancel(1);
  CHECK(answers.wait_for(3).result == transfer_result::ok);
}

TEST("broken answers are errors that quote nothing") {
  for (const auto* text : {
         "",
         "HTTP/1.1 200 OK\r\nContent-Le",
         "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort private",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nX-garbage\r\n",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
         "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
         "SSH-2.0-OpenSSH_9.2\r\n",
         "private garbage",
       }) {
    const auto response = ask_server_that_writes(text);
    CHECK(response.result == transfer_result::broken);
    CHECK(response.body.empty() && quotes_nothing(response));
  }
}

TEST("endless headers are cut off") {
  raw_server server{[](raw_connection& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n");
    while (peer.write("X-Filler: " + std::string(1000, 'x') + "\r\n"))
      ;
  }};
  CHECK(ask(post(1, server.url())).result == transfer_result::broken);
}

TEST("a reset in the middle of the body is an error") {
  raw_server server{[](raw_connection& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
    std::this_thread::sleep_for(20ms);
    peer.reset();
  }};
  CHECK(ask(post(1, server.url())).result == transfer_result::broken);
  test::mock_llm_process mock;
  CHECK(ask(post(1, chat_url(mock), "mock-cut")).result == transfer_result::broken);
}

TEST("a long answer stops at the limit, announced or not") {
  test::mock_llm_process mock;
  const auto announced = ask(post(1, chat_url(mock), "mock-huge"));
  CHECK(announced.result == transfer_result::too_large);
  CHECK(announced.body.empty() && quotes_nothing(announced));
  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 64; ++i)
    chunks += "400\r\n" + std::string(0x400, 'x') + "\r\n";
  CHECK(ask_server_that_writes(chunks + "0\r\n\r\n", 64u << 10).body.size() == 64u << 10);
  CHECK(ask_server_that_writes(chunks + "0\r\n\r\n", (64u << 10) - 1).result == transfer_result::too_large);
}

TEST("cancelling closes the connection and answers at once") {
  std::promise<bool> left;
  std::promise<void> arrived;
  raw_server server{[&](raw_connection& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
    arrived.set_value();
    left.set_value(peer.peer_leaves());
  }};
  inbox answers;
  http_client client{4};
  client.reset(answers.sink());
  client.submit(post(1, server.url()));
  arrived.get_future().get();
  client.cancel(77);
  client.cancel(1);
  CHECK(answers.wait_for(1).result == transfer_result::cancelled);
  CHECK(left.get_future().get());
  client.cancel(1);
  CHECK_EQ(answers.count(), 1u);
}

TEST("a request can be cancelled right after, and its ticket used again") {
  test::mock_llm_process mock;
  inbox answers;
  http_client client{1};
  client.reset(answers.sink());
  client.submit(post(1, chat_url(mock), "mock-hang"));
  client.submit(post(2, chat_url(mock)));
  client.cancel(2);
  CHECK(answers.wait_for(2).result == transfer_result::cancelled);
  client.cancel(1);
  CHECK(answers.wait_for(1).result == transfer_result::cancelled);
  client.submit(post(1, chat_url(mock)));
  CHECK(answers.wait_for_count(3));
  CHECK(answers.wait_for(1).result == transfer_result::ok);
}

TEST("the mock sees cancelled requests leave") {
  test::mock_llm_process mock;
  inbox answers;
  http_client client{8};
  client.reset(answers.sink());
  for (std::uint64_t i = 1; i <= 8; ++i)
    client.submit(post(i, chat_url(mock), "mock-hang"));
  for (int i = 0; i < 500 && mock.stats().requests < 8; ++i)
    std::this_thread::sleep_for(10ms);
  for (std::uint64_t i = 1; i <= 8; ++i)
    client.cancel(i);
  CHECK(answers.wait_for_count(8));
  for (int i = 0; i < 500 && mock.stats().cancelled < 8; ++i)
    std::this_thread::sleep_for(10ms);
  CHECK_EQ(mock.stats().cancelled, 8);
  CHECK_EQ(mock.stats().open_connections, 0);
}

TEST("2000 requests share 64 connections") {
  test::mock_llm_process mock{{"--latency", "2ms", "--jitter", "3ms"}};
  inbox answers;
  http_client client{64};
  client.reset(answers.sink());
  for (std::uint64_t i = 1; i <= 2000; ++i)
    client.submit(post(i, chat_url(mock)));
  CHECK(answers.wait_for_count(2000));
  CHECK_EQ(answers.count_of(transfer_result::ok), 2000u);
  const auto stats = mock.stats();
  CHECK_EQ(stats.requests, 2000);
  CHECK(stats.peak_connections <= 64);
  CHECK(stats.accepted_connections <= 64);
  CHECK_EQ(client.counters().requests, 2000u);
  CHECK(client.counters().connections_opened <= 64u);
}

TEST("idle connections make room for other hosts") {
  test::mock_llm_process first, second;
  inbox answers;
  http_client client{4};
  client.reset(answers.sink());
  for (std::uint64_t i = 1; i <= 40; ++i) {
    client.submit(post(i, chat_url(i % 2 == 0 ? first : second)));
    if (i % 4 == 0)
      CHECK(answers.wait_for_count(i));
  }
  CHECK_EQ(answers.count_of(transfer_result::ok), 40u);
  CHECK(first.stats().open_connections + second.stats().open_connections <= 4);
}

TEST("a kept connection that went stale is no error") {
  raw_server server{[](raw_connection& peer) {
    // Answers once, keeps the connection alive in words, then closes it.
    if (!peer.read_request().empty())
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }};
  inbox answers;
  http_client client{1};
  client.reset(answers.sink());
  for (std::uint64_t i = 1; i <= 20; ++i) {
    client.submit(post(i, server.url()));
    CHECK(answers.wait_for(i).body == "ok");
  }
  CHECK_EQ(server.accepted(), 20);
}

TEST("any number of kept connections that die with the next request cost nothing") {
  constexpr int kept = 12;
  std::atomic<int> waiting{0};
  raw_server server{[&](raw_connection& peer) {
    if (peer.read_request().empty())
      return;
    for (++waiting; waiting < kept;) // all requests come before the first answer: each has its own connection
      std::this_thread::sleep_for(1ms);
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    peer.read_request();
  }};
  inbox answers;
  http_client client{kept};
  client.reset(answers.sink());
  for (std::uint64_t i = 1; i <= kept; ++i)
    client.submit(post(i, server.url()));
  for (std::uint64_t i = 1; i <= kept; ++i)
    CHECK(answers.wait_for(i).body == "ok");
  CHECK_EQ(server.accepted(), kept);
  client.submit(post(kept + 1, server.url()));
  CHECK(answers.wait_for(kept + 1).body == "ok");
  CHECK_EQ(server.accepted(), kept + 1);
}

TEST("a request that a new connection took is never repeated") {
  std::atomic<int> requests{0};
  raw_server server{[&](raw_connection& peer) { requests += peer.read_request().empty() ? 0 : 1; }};
  CHECK(ask(post(1, server.url())).result == transfer_result::broken);
  CHECK_EQ(requests.load(), 1);
  CHECK_EQ(server.accepted(), 1);
}

TEST("reset under load forgets the old requests and serves the new receiver") {
  test::mock_llm_process mock{{"--latency", "5ms"}};
  inbox before, after;
  http_client client{16};
  client.reset(before.sink());
  for (std::uint64_t i = 1; i <= 500; ++i)
    client.submit(post(i, chat_url(mock)));
  CHECK(before.wait_for_count(1));
  client.reset(after.sink());
  const auto seen = before.count();
  for (std::uint64_t i = 1; i <= 50; ++i)
    client.submit(post(i, chat_url(mock)));
  CHECK(after.wait_for_count(50));
  CHECK_EQ(after.count_of(transfer_result::ok), 50u);
  CHECK_EQ(before.count(), seen);
  CHECK_EQ(after.count(), 50u);
}

TEST("without a receiver requests are just forgotten") {
  test::mock_llm_process mock;
  inbox answers;
  http_client client{4};
  client.submit(post(1, chat_url(mock)));
  for (int i = 0; i < 500 && client.counters().requests < 1; ++i)
    std::this_thread::sleep_for(10ms);
  client.reset(answers.sink());
  client.submit(post(2, chat_url(mock)));
  CHECK(answers.wait_for(2).result == transfer_result::ok);
  CHECK_EQ(answers.count(), 1u);
}

TEST("a sink may submit, cancel and reset") {
  test::mock_llm_process mock;
  std::promise<void> done;
  http_client client{4};
  client.reset([&](std::vector<http_response> batch) {
    if (batch.front().ticket == 1)
      return client.submit(post(2, chat_url(mock)));
    client.cancel(2);
    client.reset({});
    done.set_value();
  });
  client.submit(post(1, chat_url(mock)));
  CHECK(done.get_future().wait_for(20s) == std::future_status::ready);
}

TEST("the destructor is quick under load and tells nobody") {
  test::mock_llm_process mock{{"--hang", "50%"}};
  for (int round = 0; round < 5; ++round) {
    inbox answers;
    auto client = std::make_unique<http_client>(32);
    client->reset(answers.sink());
    for (std::uint64_t i = 1; i <= 400; ++i)
      client->submit(post(i, chat_url(mock)));
    std::this_thread::sleep_for(std::chrono::milliseconds{5 * round});
    const auto begin = clock_type::now();
    client.reset();
    CHECK(clock_type::now() - begin < 2s);
    CHECK_EQ(answers.count_of(transfer_result::cancelled), 0u);
  }
  http_client never_used{8};
}

TEST("many threads may submit and cancel at once") {
  test::mock_llm_process mock;
  inbox answers;
  http_client client{16};
  client.reset(answers.sink());
  std::vector<std::jthread> threads;
  for (std::uint64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 250; ++i) {
        client.submit(post(t * 1000 + i, chat_url(mock)));
        if (i % 5 == 0)
          client.cancel(t * 1000 + i);
      }
    });
  threads.clear();
  CHECK(answers.wait_for_count(1000));
  CHECK_EQ(answers.count_of(transfer_result::ok) + answers.count_of(transfer_result::cancelled), 1000u);
}

TEST("the environment's proxy is ignored, the one given is used") {
  std::promise<std::string> seen;
  raw_server proxy{[&](raw_connection& peer) {
    seen.set_value(peer.read_request());
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nproxy");
  }};
  test::mock_llm_process mock;
  setenv("http_proxy", ("http://127.0.0.1:" + std::to_string(closed_port())).c_str(), 1);
  setenv("no_proxy", "127.0.0.1", 1);
  CHECK_EQ(ask(post(1, chat_url(mock))).status, 200u);
  auto request = post(1, chat_url(mock));
  request.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  CHECK_EQ(ask(std::move(request)).body, "proxy");
  unsetenv("http_proxy");
  unsetenv("no_proxy");
  CHECK(seen.get_future().get().starts_with("POST http://127.0.0.1"));
}
