// The real gateway over real sockets, with the real mock upstream behind it.
#define CAF_SUITE gateway
#include "tests/caf_test.hpp"

#include "apps/gateway/client_keys.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <optional>
#include <poll.h>
#include <thread>

namespace {

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;
namespace json = boost::json;

/// One answer; status 0: there was none.
struct answer {
  int status = 0;
  std::string head;
  std::string body;
  int chunks = 0;

  std::string header(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos)
      return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// A client that says exactly what it is told.
class client {
public:
  explicit client(std::uint16_t port)
    : fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~client() { close(fd_); }
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  bool connected() const noexcept { return connected_; }

  bool write(std::string_view text) {
    while (!text.empty()) {
      const auto count = send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0)
        return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  void end_writing() { shutdown(fd_, SHUT_WR); }

  answer read() {
    answer result;
    std::size_t end = 0;
    while ((end = text_.find("\r\n\r\n")) == std::string::npos)
      if (!receive())
        return result;
    result.head = text_.substr(0, end + 2);
    text_.erase(0, end + 4);
    result.status = std::stoi(result.head.substr(9, 3));
    if (result.header("Transfer-Encoding") == "chunked") {
      while (auto chunk = read_chunk()) {
        if (chunk->empty())
          return result;
        ++result.chunks;
        result.body += *chunk;
      }
      return {}; // cut off
    }
    const auto length = result.header("Content-Length");
    const auto size = length.empty() ? std::size_t{0} : std::stoul(length);
    while (text_.size() < size)
      if (!receive())
        return {};
    result.body = text_.substr(0, size);
    text_.erase(0, size);
    return result;
  }

  /// Waits for a part of what comes, and keeps it.
  bool sees(std::string_view part) {
    while (text_.find(part) == std::string::npos)
      if (!receive())
        return false;
    return true;
  }

  /// Whether the server ends the connection, with nothing more to say.
  bool ended() {
    while (receive())
      ;
    return over_ && text_.empty();
  }

  answer ask(std::string_view request) { return write(request) ? read() : answer{}; }

private:
  /// Null: the server left before its end.
  std::optional<std::string> read_chunk() {
    std::size_t end = 0;
    while ((end = text_.find("\r\n")) == std::string::npos)
      if (!receive())
        return std::nullopt;
    const auto size = std::stoul(text_.substr(0, end), nullptr, 16);
    while (text_.size() < end + 2 + size + 2)
      if (!receive())
        return std::nullopt;
    auto chunk = text_.substr(end + 2, size);
    text_.erase(0, end + 2 + size + 2);
    return chunk;
  }

  bool receive() {
    pollfd entry{fd_, POLLIN, 0};
    char block[16384];
    if (poll(&entry, 1, 20'000) <= 0)
      return false;
    const auto count = recv(fd_, block, sizeof block, 0);
    over_ = count <= 0;
    if (count > 0)
      text_.append(block, static_cast<std::size_t>(count));
    return count > 0;
  }

  int fd_;
  bool connected_ = false;
  bool over_ = false;
  std::string text_;
};

std::string get(const std::string& path, const std::string& headers = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}

std::string post(const std::string& path, const std::string& body, const std::string& headers = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

std::string chat_body(const std::string& text, const std::string& more = {}) {
  return json::serialize(
           json::object{{"model", "m"},
                        {"messages", json::array{json::object{{"role", "user"}, {"content", text}}}}})
    .substr(0, std::string::npos)
    .insert(1, more);
}

std::string chat(const std::string& text, const std::string& headers = {}, const std::string& more = {}) {
  return post("/v1/chat/completions", chat_body(text, more), headers);
}

std::string content_of(const answer& got) {
  return json::parse(got.body).at("choices").at(0).at("message").at("content").as_string().c_str();
}

std::string code_of(const answer& got) {
  const auto body = json::parse(got.body);
  const auto* code = body.at("error").at("code").if_string();
  return code ? code->c_str() : "";
}

/// `gateway`, its upstream and its configuration.
class fixture {
public:
  explicit fixture(std::vector<std::string> options = {}, std::vector<std::string> upstream = {},
                   const std::string& rails = "check_sensitive_data: true")
    : mock_{std::move(upstream)} {
    write_config(rails);
    std::vector<std::string> all{"serve", "--listen", "127.0.0.1:0", "--config", folder_.path("c.yml")};
    all.insert(all.end(), options.begin(), options.end());
    process_.emplace(GUARDRAILS_BINARY_DIR "/apps/guardrails", all);
    const auto line = process_->wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s);
    port_ = static_cast<std::uint16_t>(std::stoi(line[1]));
  }

  std::string yaml(const std::string& rails) const {
    return "llm: {engine: openai_compatible, base_url: '" + mock_.base_url() +
           "', model: mock, retries: {max: 0}, pool: {max_connections: 64}}\nguardrails: {" + rails + "}\n";
  }

  void write_config(const std::string& rails) { folder_.file("c.yml", yaml(rails)); }

  answer ask(const std::string& request) const { return client{port_}.ask(request); }

  bool alive() const { return ask(get("/healthz")).status == 200; }

  std::uint16_t port() const noexcept { return port_; }
  mock_llm_process& mock() noexcept { return mock_; }
  child_process& process() noexcept { return *process_; }

private:
  scratch_folder folder_;
  mock_llm_process mock_;
  std::optional<child_process> process_;
  std::uint16_t port_ = 0;
};

template <class Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition())
      return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

std::string key_line(const std::string& name, const std::string& key, const std::string& more) {
  std::string hex;
  for (const auto byte : gateway::digest_of(key))
    for (const auto half : {byte >> 4, byte & 15})
      hex += "0123456789abcdef"[half];
  return "  - {name: " + name + ", sha256: " + hex + more + "}\n";
}

std::string bearer(const std::string& key) {
  return "Authorization: Bearer " + key + "\r\n";
}

std::string numbered(int i) {
  return std::string{"r-"}.append(std::to_string(i));
}

constexpr const char* card = "My card is 4111 1111 1111 1111";

} // namespace

TEST("every endpoint answers") {
  fixture gate;
  client one{gate.port()};
  const auto done = one.ask(chat("What is machine learning?"));
  CHECK_EQ(done.status, 200);
  CHECK_EQ(content_of(done), "What is machine learning?");
  CHECK_EQ(done.header("x-guardrails-config-version").size(), 16u);
  CHECK_EQ(done.header("x-request-id").size(), 32u);
  const auto stream = one.ask(chat("Hello there", "x-request-id: mine-1\r\n", R"("stream":true,)"));
  CHECK_EQ(stream.header("Content-Type"), "text/event-stream");
  CHECK_EQ(stream.header("x-request-id"), "mine-1");
  CHECK(stream.body.ends_with("data: [DONE]\n\n"));
  CHECK(stream.body.find("Hello there") != std::string::npos);
  const auto simple = json::parse(one.ask(post("/chat", R"({"message":"Hello"})")).body);
  CHECK_EQ(simple.at("response").as_string(), "Hello");
  CHECK(!simple.at("blocked").as_bool());
  const auto report = json::parse(
    one.ask(post("/v1/guardrails/check", std::string{R"({"direction":"input","text":")"} + card + "\"}"))
      .body);
  CHECK(!report.at("passed").as_bool());
  const auto moderated = json::parse(
    one.ask(post("/v1/moderations", R"({"input":["Hello","You are a worthless piece of shit."]})")).body);
  REQUIRE(moderated.at("results").as_array().size() == 2);
  CHECK(!moderated.at("results").at(0).at("flagged").as_bool());
  CHECK(moderated.at("results").at(1).at("flagged").as_bool());
  const auto models = json::parse(one.ask(get("/v1/models")).body);
  CHECK_EQ(models.at("data").at(0).at("id").as_string(), "mock");
  CHECK_EQ(one.ask(get("/healthz")).status, 200);
  const auto ready = one.ask(get("/readyz"));
  CHECK_EQ(ready.status, 200);
  CHECK_EQ(json::parse(ready.body).at("checks").as_array().size(), 3u);
  CHECK(json::parse(one.ask(get("/version")).body).at("version").is_string());
  CHECK_EQ(one.ask(post("/admin/config", "x")).status, 404); // no keys, no administrator
  CHECK(one.ended()); // whoever is refused before the body is read has to connect again
  const auto counts = gate.ask(get("/metrics")).body;
  const auto has = [&](const char* line) { return counts.find(line) != std::string::npos; };
  CHECK(has("guardrails_requests_total{route=\"chat_completions\",status=\"200\"} 2\n"));
  CHECK(has("guardrails_requests_total{route=\"admin_config\",status=\"404\"} 1\n"));
  CHECK(has("guardrails_connections_accepted_total 2\n"));
  CHECK(has("guardrails_in_flight 0\n"));
}

TEST("blocked chats are refusals, and errors on request") {
  fixture gate;
  const auto refusal = gate.ask(chat(card, "x-guardrails-report: true\r\n"));
  CHECK_EQ(refusal.status, 200);
  const auto body = json::parse(refusal.body);
  CHECK_EQ(body.at("choices").at(0).at("finish_reason").as_string(), "content_filter");
  CHECK_EQ(body.at("guardrails").at("block_reason").as_string(), "input");
  CHECK_EQ(refusal.body.find("4111"), std::string::npos);
  const auto stream = gate.ask(chat(card, {}, R"("stream":true,"stream_options":{"include_usage":true},)"));
  CHECK(stream.body.find("content_filter") != std::string::npos);
  CHECK_EQ(stream.body.find("4111"), std::string::npos);
  CHECK_EQ(gate.mock().stats().requests, 0);
  fixture strict{{"--blocked-as", "error"}};
  const auto error = strict.ask(chat(card));
  CHECK_EQ(error.status, 400);
  CHECK_EQ(code_of(error), "content_filter");
}

TEST("a leaking answer is not shown, streamed or not") {
  scratch_folder folder;
  fixture gate{{}, {"--answer", card}};
  for (const auto* more : {"", R"("stream":true,)"}) {
    const auto got = gate.ask(chat("Hello", {}, more));
    CHECK_EQ(got.status, 200);
    CHECK(got.body.find("content_filter") != std::string::npos);
    CHECK_EQ(got.body.find("4111"), std::string::npos);
  }
}

TEST("what nothing looks at is shown while it comes, and a client that leaves ends it") {
  fixture gate{{}, {"--tokens-per-second", "40"}, "output_checks: false"};
  const std::string words = "one two three four five six seven eight nine ten";
  client reading{gate.port()};
  reading.write(chat(words, {}, R"("stream":true,"stream_options":{"include_usage":true},)"));
  const auto got = reading.read();
  CHECK_EQ(got.status, 200);
  CHECK(got.chunks >= 2);
  CHECK(!got.header("x-guardrails-config-version").empty());
  CHECK(got.body.find(R"("finish_reason":"stop")") != std::string::npos);
  CHECK(got.body.find(R"("completion_tokens")") != std::string::npos);
  CHECK(got.body.ends_with("data: [DONE]\n\n"));
  CHECK_EQ(reading.ask(get("/healthz")).status, 200); // on the same connection
  {
    client leaving{gate.port()};
    std::string endless; // the model takes minutes for it
    for (int i = 0; i < 500; ++i)
      endless.append(words).append(" ");
    leaving.write(chat(endless, {}, R"("stream":true,)"));
    CHECK(leaving.sees("two"));
  }
  CHECK(comes_true([&] { return gate.mock().stats().cancelled == 1; }));
  CHECK(gate.alive());
}

TEST("a client of HTTP/1.0 gets its stream whole") {
  fixture gate{{}, {}, "output_checks: false"};
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
  fixture failing{{}, {"--errors", "100%"}};
  const auto broken = failing.ask(chat("Hello"));
  CHECK_EQ(broken.status, 502);
  CHECK_EQ(code_of(broken), "llm_error");
  CHECK_EQ(code_of(failing.ask(chat("Hello", "x-guardrails-deadline-ms: soon\r\n"))), "");
  fixture hanging{{"--max-in-flight", "1"}, {"--hang", "100%"}};
  client slow{hanging.port()};
  slow.write(chat("Hello", "x-guardrails-deadline-ms: 700\r\n"));
  CHECK(comes_true([&] { return hanging.mock().stats().requests == 1; }));
  const auto full = hanging.ask(chat("Hello"));
  CHECK_EQ(full.status, 503);
  CHECK_EQ(full.header("Retry-After"), "1");
  CHECK_EQ(slow.read().status, 504);
  {
    client leaving{hanging.port()};
    leaving.write(chat("Hello"));
    CHECK(comes_true([&] { return hanging.mock().stats().requests == 2; }));
  }
  CHECK(comes_true([&] { return hanging.mock().stats().cancelled == 2; }));
  CHECK(hanging.alive());
}

TEST("keys open, limit and administrate") {
  scratch_folder folder;
  const auto keys = folder.file("keys.yml", "keys:\n" + key_line("web", "k-web", ", requests_per_minute: 2") +
                                              key_line("ops", "k-ops", ", admin: true"));
  fixture gate{{"--keys", keys}};
  for (const auto& headers : {std::string{}, bearer("wrong"), std::string{"Authorization: k-web\r\n"}}) {
    const auto refused = gate.ask(chat("Hello", headers));
    CHECK_EQ(refused.status, 401);
    CHECK_EQ(code_of(refused), "invalid_api_key");
  }
  CHECK_EQ(gate.ask(get("/v1/models")).status, 401);
  CHECK(gate.alive());
  CHECK_EQ(gate.ask(chat("Hello", bearer("k-web"))).status, 200);
  CHECK_EQ(gate.ask(chat("Hello", bearer("k-web"))).status, 200);
  const auto limited = gate.ask(chat("Hello", bearer("k-web")));
  CHECK_EQ(limited.status, 429);
  CHECK(!limited.header("Retry-After").empty());
  CHECK_EQ(gate.ask(post("/admin/config", "x")).status, 401);
  CHECK_EQ(gate.ask(post("/admin/config", "x", bearer("k-web"))).status, 403);
  const auto wrong = gate.ask(post("/admin/config", "guardrails: {no_such_key: 1}", bearer("k-ops")));
  CHECK_EQ(wrong.status, 400);
  CHECK_EQ(code_of(wrong), "invalid_config");
  const auto taken =
    gate.ask(post("/admin/config", gate.yaml("block_list: {words: [swordfish]}"), bearer("k-ops")));
  CHECK_EQ(taken.status, 200);
  const auto blocked = gate.ask(chat("swordfish", bearer("k-ops")));
  CHECK(blocked.body.find("content_filter") != std::string::npos);
  CHECK_EQ(blocked.header("x-guardrails-config-version"),
           std::string{json::parse(taken.body).at("config_version").as_string()});
}

TEST("readiness names the check that failed, until a reload mends it") {
  fixture gate{
    {},
    {},
    "toxicity: {engine: openai_compatible, base_url: 'http://127.0.0.1:9/v1', model: x, timeout: 300ms}"};
  const auto before = gate.ask(get("/readyz"));
  CHECK_EQ(before.status, 503);
  CHECK_EQ(json::serialize(json::parse(before.body).at("failed")), R"(["toxicity"])");
  gate.write_config("check_toxicity: true");
  gate.process().signal(SIGHUP);
  CHECK(comes_true([&] { return gate.ask(get("/readyz")).status == 200; }));
  gate.write_config("no_such_key: 1");
  gate.process().signal(SIGHUP);
  CHECK(comes_true([&] {
    return gate.ask(get("/metrics")).body.find("guardrails_config_failures_total 1\n") != std::string::npos;
  }));
  CHECK_EQ(gate.ask(get("/readyz")).status, 200);
}

TEST("every check has a canary, and what cannot have one does not hold up readiness") {
  fixture every{
    {},
    {},
    "check_sql_syntax: true, pii: {enabled: true}, check_off_topic: true, allowed_topics: [{name: cooking, "
    "description: recipes and food}], data_exfiltration: {enabled: true}, block_list: {words: [swordfish]}, "
    "ban_list: {x: [marlin]}, invisible_text: {}, urls: {deny: [evil.com]}, languages: {allow: [en], "
    "min_bytes: "
    "400}, output_json: {}, routes: [{name: fishing, utterances: [how to catch a marlin]}]"};
  const auto armed = json::parse(every.ask(get("/readyz")).body);
  CHECK(armed.at("ready").as_bool());
  CHECK_EQ(armed.at("checks").as_array().size(), 14u);
  for (const auto& check : armed.at("checks").as_array())
    if (check.at("proof").as_string() != "armed")
      CAF_ERROR(json::serialize(check));
  fixture own{{}, {}, "block_list: {patterns: ['a+b']}, pii: {enabled: true, entity_types: [US_NPI]}"};
  const auto unknown = json::parse(own.ask(get("/readyz")).body);
  CHECK(unknown.at("ready").as_bool());
  CHECK_EQ(unknown.at("checks").at(0).at("proof").as_string(), "unknown");
  fixture broken{{}, {}, "block_list: {words: [swordfish], patterns: ['(?s).+']}"};
  CHECK_EQ(json::serialize(json::parse(broken.ask(get("/readyz")).body).at("failed")), R"(["block_list"])");
}

TEST("requests may be sent ahead, answers keep their order") {
  fixture gate;
  client one{gate.port()};
  std::string all;
  for (int i = 0; i < 20; ++i)
    all += i % 3 == 0 ? get("/healthz") : chat("text", "x-request-id: " + numbered(i) + "\r\n");
  CHECK(one.write(all));
  for (int i = 0; i < 20; ++i) {
    const auto got = one.read();
    CHECK_EQ(got.status, 200);
    if (i % 3 != 0)
      CHECK_EQ(got.header("x-request-id"), numbered(i));
  }
  // In pieces of one byte, and chunked.
  const std::string piecemeal = "POST /chat HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "a\r\n{\"message\"\r\n4\r\n:\"x\"\r\n1\r\n}\r\n0\r\n\r\n";
  for (const char c : piecemeal)
    one.write({&c, 1});
  CHECK_EQ(one.read().status, 200);
  // Asking whether the body is welcome.
  one.write("POST /chat HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 15\r\n\r\n");
  CHECK_EQ(one.read().status, 100);
  CHECK_EQ(one.ask(R"({"message":"x"})").status, 200);
  const auto old = one.ask("GET /healthz HTTP/1.0\r\n\r\n");
  CHECK_EQ(old.status, 200);
  CHECK_EQ(old.header("Connection"), "close");
  CHECK(one.ended());
}

TEST("hostile requests are answered as documented, and the server lives") {
  struct hostile {
    std::string request;
    int status; ///< 0: the connection ends without an answer
    bool ends_writing = false;
  };
  const std::string h = " HTTP/1.1\r\nHost: h\r\n";
  const auto body = [](const std::string& text) { return post("/v1/chat/completions", text); };
  const auto message = [&](const std::string& content) {
    return body(R"({"messages":[{"role":"user","content":)" + content + "}]}");
  };
  const std::vector<hostile> cases{
    {"\r\n\r\n\r\n", 400},
    {"hello\r\n\r\n", 400},
    {"GET\r\n\r\n", 400},
    {"GET /healthz\r\n\r\n", 400},
    {"GET /healthz HTTP/9.9\r\nHost: h\r\n\r\n", 505},
    {"GET /healthz HTTP/1.1\r\n\r\n", 400},
    {"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"GET /healthz" + h + "no colon\r\n\r\n", 400},
    {"GET /healthz" + h + "bad name: x\r\n\r\n", 400},
    {"GET /healthz" + h +
       "x: a\x01"
       "b\r\n\r\n",
     400},
    {"GET /health z" + h + "\r\n", 505},
    {std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11}, 400},
    {std::string(3, '\0') + "\r\n\r\n", 400},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {get("/" + std::string(9000, 'a')), 431},
    {get("/healthz", "x: " + std::string(9000, 'a') + "\r\n"), 431},
    {"GET /healthz" + h + "x: " + std::string(70'000, 'a'), 431},
    {get("/healthz",
         [] {
           std::string many;
           for (int i = 0; i < 2000; ++i)
             many += "a: b\r\n";
           return many;
         }()),
     431},
    {"POST /chat" + h + "Content-Length: 999999999\r\n\r\n", 413},
    {"POST /chat" + h + "Content-Length: 99999999999999999999999\r\n\r\n", 400},
    {"POST /chat" + h + "Content-Length: -1\r\n\r\n", 400},
    {"POST /chat" + h + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
    {"POST /chat" + h + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST /chat" + h + "Transfer-Encoding: gzip\r\n\r\n", 501},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413},
    {post("/chat", "x", "Expect: miracles\r\n"), 417},
    {post("/chat", std::string(70'000, 'x')), 413},
    {"POST /chat" + h + "Content-Length: 50\r\n\r\nhalf", 400, true},
    {"POST /chat" + h + "Content-Len", 400, true},
    {"", 0, true},
    {get("/nowhere"), 404},
    {get("/../etc/passwd"), 404},
    {get("http://h/healthz"), 404},
    {get("*"), 404},
    {get("/v1/chat/completions"), 405},
    {post("/healthz", "x"), 405},
    {"BREW /healthz" + h + "\r\n", 405},
    {"OPTIONS /v1/models" + h + "Origin: http://a\r\n\r\n", 405},
    {"CONNECT h:1" + h + "\r\n", 404},
    {body(""), 400},
    {body("{"), 400},
    {body("[]"), 400},
    {body("{\"messages\":\"x\"}"), 400},
    {body("{\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]}"), 400},
    {body("{\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}"), 400},
    {message("\"\xFF\xFE\""), 400},
    {message("\"\\ud800\""), 400},
    {message("[{\"type\":\"image_url\"}]"), 400},
    {body(std::string(60'000, '[')), 400},
    {body("{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}"), 400},
    {body(std::string(1000, '\0')), 400},
    {chat("x", {}, R"("n":3,)"), 400},
    {chat("x", {}, R"("tools":[{}],)"), 400},
    {chat("x", "x-guardrails-deadline-ms: -5\r\n"), 400},
    {chat("x", "x-guardrails-session: " + std::string(300, 's') + "\r\n"), 400},
    {post("/v1/moderations", R"({"input":[]})"), 400},
    {post("/v1/guardrails/check", R"({"text":"x","direction":"sideways"})"), 400},
    {post("/chat", R"({"message":["x"]})"), 400},
  };
  CHECK(cases.size() >= 40);
  fixture gate{{"--max-body-bytes", "65536"}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    client one{gate.port()};
    one.write(cases[i].request);
    if (cases[i].ends_writing)
      one.end_writing();
    const auto got = one.read();
    if (got.status != cases[i].status)
      CAF_ERROR("case " << i << ": " << got.status << " instead of " << cases[i].status);
    if (got.status != 0)
      CHECK(json::parse(got.body).at("error").at("message").is_string());
    if (got.status == 405)
      CHECK(!got.header("Allow").empty());
    if (got.status == 0 || got.header("Connection") == "close")
      CHECK(one.ended());
  }
  CHECK(gate.alive());
  CHECK_EQ(gate.mock().stats().requests, 0);
}

TEST("slow clients are timed out, idle ones closed, too many refused") {
  fixture gate{{"--header-timeout", "300ms", "--body-timeout", "300ms", "--idle-timeout", "800ms",
                "--max-connections", "5"}};
  client header{gate.port()};
  header.write("GET /healthz HTTP/1.1\r\nHo");
  client body{gate.port()};
  body.write("POST /chat HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\n{");
  client idle{gate.port()};
  client unread{gate.port()};
  unread.write(get("/metrics"));
  CHECK_EQ(header.read().status, 408);
  CHECK(header.ended());
  CHECK_EQ(body.read().status, 408);
  CHECK(body.ended());
  CHECK(idle.ended());
  std::vector<std::unique_ptr<client>> many;
  int refused = 0;
  for (int i = 0; i < 8; ++i)
    many.push_back(std::make_unique<client>(gate.port()));
  for (auto& one : many)
    refused += one->ask(get("/healthz")).status == 503 ? 1 : 0;
  CHECK(refused >= 3);
  many.clear();
  CHECK(comes_true([&] { return gate.alive(); }));
}

TEST("fifty exchanges of the configuration under load: none fails, none is mixed") {
  scratch_folder folder;
  const auto keys = folder.file("keys.yml", "keys:\n" + key_line("ops", "k", ", admin: true"));
  const auto rails = [](const std::string& name) {
    return "check_semantic: false, check_toxicity: false, check_sensitive_data: false, block_list: {words: "
           "[swordfish]}, messages: "
           "{block_list: " +
           name + "}";
  };
  fixture gate{{"--keys", keys}, {}, rails("alpha")};
  std::atomic<bool> ended{false};
  std::atomic<int> failed{0};
  std::atomic<int> answered{0};
  std::map<std::string, std::string> names; // of versions
  std::mutex mutex;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      client one{gate.port()};
      while (!ended) {
        const auto got = one.ask(chat("swordfish", bearer("k")));
        const auto content = got.status == 200 ? content_of(got) : "";
        const auto name = content.substr(0, 5);
        const std::lock_guard guard{mutex};
        ++answered;
        const auto known = names.emplace(got.header("x-guardrails-config-version"), name).first->second;
        failed += got.status != 200 || (name != "alpha" && name != "bravo") || known != name ? 1 : 0;
      }
    });
  for (int i = 0; i < 50; ++i) {
    const auto yaml = gate.yaml(rails(i % 2 == 0 ? "bravo" : "alpha"));
    CHECK_EQ(gate.ask(post("/admin/config", yaml, bearer("k"))).status, 200);
  }
  ended = true;
  for (auto& thread : clients)
    thread.join();
  CHECK_EQ(failed.load(), 0);
  CHECK(answered > 50);
  CHECK_EQ(names.size(), 2u);
}

TEST("SIGTERM under load cuts no answer") {
  fixture gate{{}, {"--latency", "20ms"}};
  std::atomic<int> cut{0};
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&] {
      for (bool more = true; more;) {
        client one{gate.port()};
        if (!one.connected())
          return;
        for (bool keep = true; keep;) {
          const auto got = one.ask(chat("Hello"));
          if (got.status == 200)
            ++answered;
          else
            ++cut;
          keep = got.status == 200 && got.header("Connection") != "close";
          more = more && got.status == 200;
        }
      }
    });
  CHECK(comes_true([&] { return answered > 200; }));
  gate.process().signal(SIGTERM);
  CHECK_EQ(gate.process().wait(), 0);
  for (auto& thread : clients)
    thread.join();
  CHECK_EQ(cut.load(), 0);
}

TEST("what never ends is cut off after the drain time") {
  fixture gate{{"--drain-timeout", "300ms"}, {"--hang", "100%"}};
  client one{gate.port()};
  one.write(chat("Hello"));
  CHECK(comes_true([&] { return gate.mock().stats().requests == 1; }));
  gate.process().signal(SIGTERM);
  CHECK_EQ(gate.process().wait(), 0);
  CHECK_EQ(one.read().status, 0);
}

TEST("the log has names and statuses, and nothing of the texts") {
  fixture gate{{"--log-json"}};
  const auto got = gate.ask(
    chat("private words", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"));
  const auto trace = got.header("traceparent");
  CHECK(trace.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
  CHECK_EQ(trace.find("00f067aa0ba902b7"), std::string::npos);
  const auto line = gate.process().wait_for_line("\\{\"time\".*\\}")[0];
  const auto entry = json::parse(line);
  CHECK_EQ(entry.at("request_id").as_string(), got.header("x-request-id"));
  CHECK_EQ(entry.at("trace_id").as_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
  CHECK_EQ(entry.at("status").to_number<int>(), 200);
  gate.ask(get("/private?private=private"));
  gate.process().signal(SIGTERM);
  CHECK_EQ(gate.process().wait(), 0);
  CHECK_EQ(gate.process().output().find("private"), std::string::npos);
}

TEST("a start that cannot work says why") {
  scratch_folder folder;
  const auto config = folder.file("c.yml", "llm: {engine: echo}\n");
  const auto exit_code = [&](const std::string& command) {
    child_process shell{"/bin/sh", {"-c", command + " 2>&1"}};
    const auto code = shell.wait(30s);
    return std::pair{code, shell.output()};
  };
  const std::string program =
    GUARDRAILS_BINARY_DIR "/apps/guardrails serve --listen 127.0.0.1:0 --config " + config;
  const auto [few, message] = exit_code("ulimit -n 256; exec " + program);
  CHECK_EQ(few, 2);
  CHECK(message.find("ulimit -n") != std::string::npos);
  CHECK_EQ(exit_code(program + " --keys " + config).first, 2);
  CHECK_EQ(exit_code(program + " --header-timeout soon").first, 2);
  CHECK_EQ(exit_code(program + "x").first, 2);
}
