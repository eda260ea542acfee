// What the gateway does not let in: strangers, floods, hostile and slow requests.
#define CAF_SUITE gateway_protection
#include "tests/caf_test.hpp"

#include "tests/gateway_process.hpp"

#include <boost/json.hpp>

#include <csignal>
#include <memory>
#include <vector>

namespace {

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;
namespace json = boost::json;

} // namespace

TEST("keys open, limit and administrate") {
  scratch_folder folder;
  const auto keys = folder.file("keys.yml", "keys:\n" + key_line("web", "k-web", ", requests_per_minute: 2") +
                                              key_line("ops", "k-ops", ", admin: true"));
  gateway_process gate{{"--keys", keys}};
  for (const auto& headers : {std::string{}, bearer("wrong"), std::string{"Authorization: k-web\r\n"}}) {
    const auto refused = gate.ask(chat_request("Hello", headers));
    CHECK_EQ(refused.status, 401);
    CHECK_EQ(code_of(refused), "invalid_api_key");
  }
  CHECK_EQ(gate.ask(get_request("/v1/models")).status, 401);
  CHECK(gate.alive());
  CHECK_EQ(gate.ask(chat_request("Hello", bearer("k-web"))).status, 200);
  CHECK_EQ(gate.ask(chat_request("Hello", bearer("k-web"))).status, 200);
  const auto limited = gate.ask(chat_request("Hello", bearer("k-web")));
  CHECK_EQ(limited.status, 429);
  CHECK(!limited.header("Retry-After").empty());
  CHECK_EQ(gate.ask(post_request("/admin/config", "x")).status, 401);
  CHECK_EQ(gate.ask(post_request("/admin/config", "x", bearer("k-web"))).status, 403);
  const auto wrong = gate.ask(post_request("/admin/config", "guardrails: {no_such_key: 1}", bearer("k-ops")));
  CHECK_EQ(wrong.status, 400);
  CHECK_EQ(code_of(wrong), "invalid_config");
  const auto taken =
    gate.ask(post_request("/admin/config", gate.yaml("block_list: {words: [swordfish]}"), bearer("k-ops")));
  CHECK_EQ(taken.status, 200);
  const auto blocked = gate.ask(chat_request("swordfish", bearer("k-ops")));
  CHECK(blocked.body.find("content_filter") != std::string::npos);
  CHECK_EQ(blocked.header("x-guardrails-config-version"),
           std::string{json::parse(taken.body).at("config_version").as_string()});
}

TEST("hostile requests are answered as documented, and the server lives") {
  struct hostile {
    std::string request;
    int status; ///< 0: the connection ends without an answer
    bool ends_writing = false;
  };
  const std::string h = " HTTP/1.1\r\nHost: h\r\n";
  const auto body = [](const std::string& text) { return post_request("/v1/chat/completions", text); };
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
    {get_request("/" + std::string(9000, 'a')), 431},
    {get_request("/healthz", "x: " + std::string(9000, 'a') + "\r\n"), 431},
    {"GET /healthz" + h + "x: " + std::string(70'000, 'a'), 431},
    {get_request("/healthz",
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
    {post_request("/chat", "x", "Expect: miracles\r\n"), 417},
    {post_request("/chat", std::string(70'000, 'x')), 413},
    {"POST /chat" + h + "Content-Length: 50\r\n\r\nhalf", 400, true},
    {"POST /chat" + h + "Content-Len", 400, true},
    {"", 0, true},
    {get_request("/nowhere"), 404},
    {get_request("/../etc/passwd"), 404},
    {get_request("http://h/healthz"), 404},
    {get_request("*"), 404},
    {get_request("/v1/chat/completions"), 405},
    {post_request("/healthz", "x"), 405},
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
    {message("[17]"), 400},
    {message(R"([{"type":"text","text":"a","refusal":"b"}])"), 400},
    {body(std::string(60'000, '[')), 400},
    {body("{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}"), 400},
    {body(std::string(1000, '\0')), 400},
    {chat_request("x", {}, R"("prompt":"y",)"), 400},
    {chat_request("x", {}, R"("functions":[{}],)"), 400},
    {chat_request("x", "x-guardrails-deadline-ms: -5\r\n"), 400},
    {chat_request("x", "x-guardrails-session: " + std::string(300, 's') + "\r\n"), 400},
    {post_request("/v1/moderations", R"({"input":[]})"), 400},
    {post_request("/v1/guardrails/check", R"({"text":"x","direction":"sideways"})"), 400},
    {post_request("/chat", R"({"message":["x"]})"), 400},
    {"\x16\x03\x01\x02" + std::string(600, '\xfc') + "\r\n\r\n", 400},
    {"GET  /healthz" + h + "\r\n", 400},
    {"GET /healthz HTTP/1.1 \r\nHost: h\r\n\r\n", 505},
    {"GET /healthz HTTP/1.1\nHost: h\n\n", 505, true},
    {"get /healthz" + h + "\r\n", 405},
    {"GET /healthz" + h + "x : a\r\n\r\n", 400},
    {"GET /healthz" + h + ": a\r\n\r\n", 400},
    {"GET /healthz" + h + "x: " + std::string(1, '\0') + "\r\n\r\n", 400},
    {"GET /healthz" + h + "x: a\rb\r\n\r\n", 400},
    {"GET /healthz" + h + "x: a\r\n folded: b\r\n\r\n", 200},
    {get_request("/healthz%"), 404},
    {get_request("/%zz"), 404},
    {get_request("/%00"), 404},
    {get_request("/\xff\xfe"), 404},
    {get_request("healthz"), 404},
    {"POST /chat" + h + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400},
    {"POST /chat" + h + "Content-Length: 1, 1\r\n\r\na", 400},
    {"POST /chat" + h + "Content-Length: +1\r\n\r\na", 400},
    {"POST /chat" + h + "Content-Length: 0x1\r\n\r\na", 400},
    {"POST /chat" + h + "Content-Length:\r\n\r\na", 400},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
    {"POST /chat" + h + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
    {"POST /chat" + h + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 501},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST /chat" + h + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
    {"POST /chat HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", 400},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\na", 400},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\n\r\n5\r\nhal", 400, true},
    {"POST /chat" + h + "Transfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n", 400},
    {post_request("/chat", ""), 400},
    {post_request("/chat", "\xEF\xBB\xBF{\"message\":\"x\"}"), 400},
    {post_request("/chat", "{\"message\":\"\xC0\x80\"}"), 400},
    {post_request("/chat", "{\"message\":\"\xED\xA0\x80\"}"), 400},
    {post_request("/chat", "{\"message\":\"a\nb\"}"), 400},
    {post_request("/chat", R"({"message":"\udc00\ud800"})"), 400},
    {post_request("/chat", R"({"message":"x"} {"message":"y"})"), 400},
    {post_request("/chat", R"({'message':'x'})"), 400},
    {post_request("/chat", R"({"message":1e999999999})"), 400},
    {post_request("/chat", R"({"message":)" + std::string(50'000, '9') + "}"), 400},
    {post_request("/chat", R"({"message":NaN})"), 400},
    {post_request("/chat", R"({"message":"x"})", "x-guardrails-deadline-ms: 99999999999999999999\r\n"), 400},
  };
  CHECK(cases.size() >= 60);
  gateway_process gate{{"--max-body-bytes", "65536"}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    client one{gate.port()};
    one.write(cases[i].request);
    if (cases[i].ends_writing)
      one.end_writing();
    const auto got = one.read();
    if (got.status != cases[i].status)
      CAF_ERROR("case " << i << ": " << got.status << " instead of " << cases[i].status);
    if (got.status >= 400)
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
  gateway_process gate{{"--header-timeout", "300ms", "--body-timeout", "300ms", "--idle-timeout", "800ms",
                        "--max-connections", "5"}};
  client header{gate.port()};
  header.write("GET /healthz HTTP/1.1\r\nHo");
  client body{gate.port()};
  body.write("POST /chat HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\n{");
  client idle{gate.port()};
  client unread{gate.port()};
  unread.write(get_request("/metrics"));
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
    refused += one->ask(get_request("/healthz")).status == 503 ? 1 : 0;
  CHECK(refused >= 3);
  many.clear();
  CHECK(comes_true([&] { return gate.alive(); }));
}

TEST("bodies under way have a common bound, and small ones need none") {
  gateway_process gate{{"--max-bodies-bytes", "1048576"}};
  const auto text = [](std::size_t size) {
    return post_request("/v1/guardrails/check", R"({"text":")" + std::string(size, 'a') + "\"}");
  };
  auto slow = std::make_unique<client>(gate.port());
  const auto unfinished = text(1'000'000);
  CHECK(slow->write(unfinished.substr(0, unfinished.size() - 1)));
  const auto held = [&] {
    const auto counts = gate.ask(get_request("/metrics")).body;
    const std::string name{"\nguardrails_body_bytes "};
    return std::stol(counts.substr(counts.find(name) + name.size()));
  };
  CHECK(comes_true([&] { return held() > 900'000; }));
  const auto refused = gate.ask(text(400'000));
  CHECK_EQ(refused.status, 503);
  CHECK(!refused.header("Retry-After").empty());
  CHECK_EQ(gate.ask(text(10'000)).status, 200);
  CHECK(slow->write(unfinished.substr(unfinished.size() - 1)));
  CHECK_EQ(slow->read().status, 200);
  CHECK(comes_true([&] { return held() == 0; }));
  CHECK_EQ(gate.ask(text(400'000)).status, 200);
  slow->write(unfinished.substr(0, 900'000));
  CHECK(comes_true([&] { return held() > 800'000; }));
  slow.reset();
  CHECK(comes_true([&] { return held() == 0; }));
}

TEST("texts to be judged have deadlines too") {
  gateway_process gate;
  const auto ask = [&](const std::string& page, const std::string& deadline, std::size_t texts) {
    const std::string text(8000, 'a');
    std::string body{R"({"text":"a","input":["a")"};
    for (std::size_t i = 0; i < texts; ++i)
      body.append(",\"").append(text).append("\"");
    return gate.ask(post_request(page, body + "]}", "x-guardrails-deadline-ms: " + deadline + "\r\n"));
  };
  for (const auto* page : {"/v1/guardrails/check", "/v1/moderations"}) {
    const auto wrong = ask(page, "soon", 0);
    CHECK_EQ(wrong.status, 400);
    const auto judged = ask(page, "60000", 0);
    CHECK_EQ(judged.status, 200);
  }
  const auto late = ask("/v1/moderations", "1", 255);
  CHECK_EQ(late.status, 504);
  CHECK_EQ(code_of(late), "timeout");
}

TEST("the deadline ends a judgement that has begun, and who has left is no timeout") {
  gateway_process gate;
  const auto body_of = [](const std::string& page) {
    const auto* name = page == "/v1/guardrails/check" ? "text" : "input";
    return std::string{R"({"model":"m",")"}.append(name).append(R"(":")").append(900'000, 'a').append("\"}");
  };
  const std::vector<std::string> pages{"/v1/guardrails/check", "/v1/moderations", "/v1/embeddings"};
  for (const auto& page : pages) {
    const auto late = gate.ask(post_request(page, body_of(page), "x-guardrails-deadline-ms: 2\r\n"));
    CHECK_EQ(late.status, 504);
    CHECK(!late.header("x-guardrails-config-version").empty());
  }
  for (const auto& page : pages) {
    client leaving{gate.port()};
    leaving.write(post_request(page, body_of(page)));
  }
  const auto count = [&](const std::string& status) {
    const auto counts = gate.ask(get_request("/metrics")).body;
    std::size_t found = 0;
    for (const auto* route : {"guardrails_check", "moderations", "embeddings"})
      found += counts.find("{route=\"" + std::string{route} + "\",status=\"" + status + "\"} 1\n") !=
               std::string::npos;
    return found;
  };
  CHECK(comes_true([&] { return count("503") == pages.size(); }));
  CHECK_EQ(count("504"), pages.size());
  CHECK_EQ(gate.mock().stats().requests, 0);
}

TEST("blocked embeddings are counted") {
  gateway_process gate{{}, {}, "block_list: {words: [swordfish]}"};
  const auto refused = gate.ask(post_request("/v1/embeddings", R"({"model":"m","input":["a","swordfish"]})"));
  CHECK_EQ(refused.status, 400);
  CHECK(refused.body.find("input[1]") != std::string::npos);
  const auto counts = gate.ask(get_request("/metrics")).body;
  const auto has = [&](const char* line) { return counts.find(line) != std::string::npos; };
  CHECK(has("guardrails_blocked_total{reason=\"input\"} 1\n"));
  CHECK(has("guardrails_check_findings_total{check=\"block_list\",action=\"block\"} 1\n"));
}

TEST("the last places are for keys of higher priority") {
  scratch_folder folder;
  const auto keys = folder.file("keys.yml", "keys:\n" + key_line("batch", "k-low", ", priority: low") +
                                              key_line("people", "k-high", ", priority: high"));
  gateway_process gate{{"--keys", keys, "--max-in-flight", "10"}, {"--hang", "100%"}};
  const auto under_way = [&](int count) {
    const auto line = std::string{"guardrails_in_flight "}.append(std::to_string(count)).append("\n");
    return comes_true([&] { return gate.ask(get_request("/metrics")).body.find(line) != std::string::npos; });
  };
  std::vector<std::unique_ptr<client>> waiting;
  const auto add = [&](const std::string& key) {
    waiting.push_back(std::make_unique<client>(gate.port()));
    waiting.back()->write(chat_request("Hello", bearer(key)));
  };
  for (int i = 0; i < 7; ++i)
    add("k-low");
  REQUIRE(under_way(7));
  const auto refused = gate.ask(chat_request("Hello", bearer("k-low")));
  CHECK_EQ(refused.status, 503);
  CHECK(!refused.header("Retry-After").empty());
  for (int i = 0; i < 3; ++i)
    add("k-high");
  CHECK(under_way(10));
  CHECK_EQ(gate.ask(chat_request("Hello", bearer("k-high"))).status, 503);
  waiting.clear();
  CHECK(under_way(0));
}

TEST("administration can have an address of its own") {
  gateway_process gate{{"--admin-listen", "127.0.0.1:0"}};
  const auto line = gate.process().wait_for_line("administration on http://127\\.0\\.0\\.1:(\\d+)");
  const auto ask_operators = [port = static_cast<std::uint16_t>(std::stoi(line[1]))](
                               const std::string& what) { return client{port}.ask(what); };
  const auto yaml = gate.yaml("block_list: {words: [swordfish]}");
  CHECK_EQ(gate.ask(post_request("/admin/config", yaml)).status, 404);
  CHECK_EQ(ask_operators(post_request("/admin/config", yaml)).status, 200);
  CHECK(gate.ask(chat_request("swordfish")).body.find("content_filter") != std::string::npos);
  for (const auto* path : {"/metrics", "/healthz", "/readyz", "/version"})
    CHECK_EQ(ask_operators(get_request(path)).status, 200);
  CHECK_EQ(ask_operators(get_request("/v1/models")).status, 404);
  for (const auto* page : {"Origin: http://127.0.0.1\r\n", "Sec-Fetch-Site: same-origin\r\n"})
    CHECK_EQ(ask_operators(post_request("/admin/config", yaml, page)).status, 403);
  CHECK_EQ(ask_operators(chat_request("Hello")).status, 404);
  CHECK_EQ(ask_operators(get_request("/")).status, 404);
}

TEST("keys are read again with the configuration, and a wrong file changes nothing") {
  scratch_folder folder;
  const auto keys = folder.file("keys.yml", "keys:\n" + key_line("web", "k-old", ", requests_per_minute: 2"));
  gateway_process gate{{"--keys", keys}};
  const auto status_of = [&](const std::string& key) {
    return gate.ask(get_request("/v1/models", bearer(key))).status;
  };
  CHECK_EQ(gate.ask(chat_request("Hello", bearer("k-old"))).status, 200);
  folder.file("keys.yml", "keys:\n" + key_line("web", "k-new", ", requests_per_minute: 2"));
  gate.process().signal(SIGHUP);
  CHECK(comes_true([&] { return status_of("k-new") == 200; }));
  CHECK_EQ(status_of("k-old"), 401);
  // The name goes on with what its other key has used up.
  CHECK_EQ(gate.ask(chat_request("Hello", bearer("k-new"))).status, 200);
  CHECK_EQ(gate.ask(chat_request("Hello", bearer("k-new"))).status, 429);
  folder.file("keys.yml", "keys: [{name: web}]\n");
  gate.write_config("block_list: {words: [swordfish]}");
  const auto before = gate.ask(get_request("/version")).body;
  gate.process().signal(SIGHUP);
  CHECK(comes_true([&] { return gate.ask(get_request("/version")).body != before; }));
  CHECK_EQ(status_of("k-new"), 200);
}

TEST("pages of other origins may ask where their origin is named") {
  const std::string app = "https://app.example";
  const auto preflight = [](const std::string& origin) {
    return "OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: h\r\nOrigin: " + origin +
           "\r\nAccess-Control-Request-Method: POST\r\n\r\n";
  };
  {
    gateway_process closed;
    const auto refused = closed.ask(preflight(app));
    CHECK_EQ(refused.status, 405);
    CHECK(refused.header("Access-Control-Allow-Origin").empty());
    CHECK(refused.header("Vary").empty());
  }
  gateway_process gate{{"--cors-origin", app, "--cors-origin", "https://other.example"}};
  const auto allowed = gate.ask(preflight(app));
  CHECK_EQ(allowed.status, 200);
  CHECK_EQ(allowed.header("Access-Control-Allow-Origin"), app);
  CHECK(allowed.header("Access-Control-Allow-Headers").find("authorization") != std::string::npos);
  const auto answered = gate.ask(chat_request("Hello", "Origin: " + app + "\r\n"));
  CHECK_EQ(answered.status, 200);
  CHECK_EQ(answered.header("Access-Control-Allow-Origin"), app);
  const auto stranger = gate.ask(chat_request("Hello", "Origin: https://evil.example\r\n"));
  CHECK(stranger.header("Access-Control-Allow-Origin").empty());
  CHECK_EQ(stranger.header("Vary"), "Origin");
  CHECK_EQ(gate.ask(preflight("https://evil.example")).status, 405);
}

TEST("no name in a body, written otherwise or twice, takes a text past the checks") {
  gateway_process gate{{}, {"--record"}, "block_list: {words: [swordfish]}"};
  const std::string good = R"([{"role":"user","content":"harmless"}])";
  const std::string bad = R"([{"role":"user","content":"swordfish"}])";
  const auto chat = [&](const std::string& members) {
    return gate.ask(post_request("/v1/chat/completions", std::string{"{"}.append(members).append("}")));
  };
  const auto message = [&](const std::string& members) {
    return chat(std::string{R"("messages":[{"role":"user",)"}.append(members).append("}]"));
  };
  const auto prompt = [&](const std::string& members) {
    return gate.ask(post_request("/v1/completions", std::string{"{"}.append(members).append("}")));
  };
  const auto embed = [&](const std::string& members) {
    return gate.ask(
      post_request("/v1/embeddings", std::string{R"({"model":"m",)"}.append(members).append("}")));
  };
  for (const auto& refused : {chat("\"messages\":" + good + ",\"Messages\":" + bad),
                              chat("\"messages\":" + good + ",\"me\u017Fsages\":" + bad),
                              message(R"("content":"harmless","Content":"swordfish")"),
                              message(R"("content":[{"type":"text","text":"harmless","TEXT":"swordfish"}])"),
                              prompt(R"("prompt":"harmless","Prompt":"swordfish")"),
                              embed(R"("input":"harmless","Input":"swordfish")"),
                              embed(R"("input":"harmless","query":"swordfish")")}) {
    CHECK_EQ(refused.status, 400);
    CHECK_EQ(code_of(refused), "unsupported_parameter");
  }
  CHECK_EQ(gate.mock().stats().requests, 0);
  // Of a member that is there twice, the last is judged, and only that one goes on.
  const auto goes_without = [&](const auto& got) {
    CHECK_EQ(got.status, 200);
    const auto sent = ask_loopback(gate.mock().port(), "GET /stats/last-request");
    CHECK(sent.find("harmless") != std::string::npos);
    CHECK_EQ(sent.find("swordfish"), std::string::npos);
  };
  goes_without(chat("\"messages\":" + bad + ",\"messages\":" + good));
  goes_without(message(R"("content":"swordfish","content":"harmless")"));
  goes_without(message(R"("content":[{"type":"text","text":"swordfish","text":"harmless"},{"type":"x"}])"));
  goes_without(prompt(R"("prompt":"swordfish","prompt":"harmless")"));
  goes_without(embed(R"("input":"swordfish","input":"harmless")"));
  const auto before = gate.mock().stats().requests;
  for (const auto& blocked : {chat("\"messages\":" + good + ",\"messages\":" + bad),
                              message(R"("content":"harmless","content":"swordfish")"),
                              prompt(R"("prompt":"harmless","prompt":"swordfish")"),
                              embed(R"("input":"harmless","input":"swordfish")")})
    CHECK(blocked.body.find("content_filter") != std::string::npos);
  CHECK_EQ(gate.mock().stats().requests, before);
}
