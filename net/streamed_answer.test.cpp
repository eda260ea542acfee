// Answers that come in pieces.
#define CAF_SUITE streamed_answer
#include "tests/caf_test.hpp"

#include "tests/http_asking.hpp"
#include "tests/raw_server.hpp"

#include <condition_variable>
#include <future>

namespace {

using namespace guardrails;
using namespace guardrails::net;
using namespace std::chrono_literals;
using test::post;
using test::raw_connection;
using test::raw_server;

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

/// What came of one answer.
class stream_inbox {
public:
  http_client::sink sink() {
    return [this](std::vector<http_response> batch) {
      const std::lock_guard guard{mutex_};
      for (auto& response : batch) {
        text_ += response.body;
        pieces_ += response.last ? 0U : 1U;
        if (response.last)
          end_ = std::move(response);
      }
      changed_.notify_all();
    };
  }

  /// False if it did not come to be so in time.
  template <class Condition>
  bool wait(Condition&& holds) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, 20s, [&] { return holds(text_, end_); });
  }

  bool wait_for_bytes(std::size_t count) {
    return wait([&](const std::string& text, const auto&) { return text.size() >= count; });
  }

  http_response end() {
    wait([](const std::string&, const auto& end) { return end.has_value(); });
    const std::lock_guard guard{mutex_};
    return end_.value_or(http_response{0, transfer_result::ok, 999, {}, {}, "never ended", true});
  }

  std::string text() {
    const std::lock_guard guard{mutex_};
    return text_;
  }

  std::size_t pieces() {
    const std::lock_guard guard{mutex_};
    return pieces_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::size_t pieces_ = 0;
  std::optional<http_response> end_;
};

http_request stream_of(const raw_server& server, std::uint64_t window = 1u << 16) {
  auto request = post(1, server.url());
  request.stream_window = window;
  return request;
}

} // namespace

TEST("pieces arrive before the answer ends") {
  std::promise<void> seen;
  raw_server server{[&, wait = seen.get_future().share()](raw_connection& peer) {
    peer.read_request();
    peer.write(ok + "one ");
    wait.wait_for(20s);
    peer.write("two");
  }};
  stream_inbox answer;
  http_client client{4};
  client.reset(answer.sink());
  client.submit(stream_of(server));
  CHECK(answer.wait_for_bytes(4));
  CHECK_EQ(answer.pieces(), 1U);
  seen.set_value();
  const auto end = answer.end();
  CHECK(end.result == transfer_result::ok);
  CHECK_EQ(end.status, 200U);
  CHECK_EQ(answer.text(), "one two");
  CHECK_EQ(client.counters().requests, 1U);
}

TEST("an answer that is no success comes whole") {
  raw_server server{[](raw_connection& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 4\r\n\r\nbu");
    std::this_thread::sleep_for(50ms);
    peer.write("sy");
  }};
  stream_inbox answer;
  http_client client{4};
  client.reset(answer.sink());
  client.submit(stream_of(server));
  const auto end = answer.end();
  CHECK_EQ(end.status, 503U);
  CHECK_EQ(end.body, "busy");
  CHECK(end.retry_after == 3s);
  CHECK_EQ(answer.pieces(), 0U);
}

TEST("an answer that nobody uses is not read on, and goes on when somebody does") {
  constexpr std::size_t size = 24u << 20;
  constexpr std::uint64_t window = 1u << 16;
  std::atomic<std::size_t> written{0};
  raw_server server{[&](raw_connection& peer) {
    peer.read_request();
    peer.write(ok);
    const std::string block(1u << 16, 'x');
    while (written < size && peer.write(block))
      written += block.size();
  }};
  stream_inbox answer;
  http_client client{4};
  client.reset(answer.sink());
  auto request = stream_of(server, window);
  request.max_response_bytes = 2 * size;
  client.submit(std::move(request));
  CHECK(answer.wait_for_bytes(window));
  std::this_thread::sleep_for(300ms);
  const auto held = answer.text().size();
  CHECK(held < 2 * window);
  CHECK(written < size);
  std::size_t used = 0;
  while (answer.wait([&](const std::string& text, const auto& end) { return text.size() > used || end; })) {
    const auto now = answer.text().size();
    if (now == used)
      break;
    client.consumed(1, now - used);
    used = now;
  }
  CHECK(answer.end().result == transfer_result::ok);
  CHECK_EQ(answer.text().size(), size);
}

TEST("a paused answer ends by its timeout") {
  raw_server server{[&](raw_connection& peer) {
    peer.read_request();
    peer.write(ok + std::string(1u << 20, 'x'));
    peer.peer_leaves();
  }};
  stream_inbox answer;
  http_client client{4};
  client.reset(answer.sink());
  auto request = stream_of(server, 1'000);
  request.timeout = 300ms;
  client.submit(std::move(request));
  CHECK(answer.end().result == transfer_result::timeout);
}

TEST("cancelling an answer closes its connection, paused or not") {
  for (const std::uint64_t window : {std::uint64_t{100}, std::uint64_t{1} << 20}) {
    std::promise<bool> left;
    raw_server server{[&](raw_connection& peer) {
      peer.read_request();
      peer.write(ok + std::string(1'000, 'x'));
      left.set_value(peer.peer_leaves());
    }};
    stream_inbox answer;
    http_client client{4};
    client.reset(answer.sink());
    client.submit(stream_of(server, window));
    CHECK(answer.wait_for_bytes(100));
    client.cancel(1);
    CHECK(answer.end().result == transfer_result::cancelled);
    CHECK(left.get_future().get());
    client.consumed(1, 1'000);
  }
}

TEST("an answer cut in its middle is broken, and a longer one than allowed too large") {
  {
    raw_server server{[](raw_connection& peer) {
      peer.read_request();
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    }};
    stream_inbox answer;
    http_client client{4};
    client.reset(answer.sink());
    client.submit(stream_of(server));
    CHECK(answer.end().result == transfer_result::broken);
  }
  raw_server server{[](raw_connection& peer) {
    peer.read_request();
    peer.write(ok + std::string(5'000, 'x'));
    peer.peer_leaves();
  }};
  stream_inbox answer;
  http_client client{4};
  client.reset(answer.sink());
  auto request = stream_of(server);
  request.max_response_bytes = 4'000;
  client.submit(std::move(request));
  CHECK(answer.end().result == transfer_result::too_large);
}

TEST("the same handle serves whole and streamed answers by turns") {
  raw_server server{[](raw_connection& peer) {
    for (auto request = peer.read_request(); !request.empty(); request = peer.read_request())
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  }};
  http_client client{1};
  for (int i = 0; i < 6; ++i) {
    stream_inbox answer;
    client.reset(answer.sink());
    client.submit(stream_of(server, i % 2 == 0 ? 1U << 16 : 0U));
    CHECK(answer.end().result == transfer_result::ok);
    CHECK_EQ(answer.text(), "hello");
    client.reset({});
  }
}
