// The mock upstream's parts that need no socket, and the program itself over one.
#define CAF_SUITE mock_llm
#include "tests/caf_test.hpp"

#include "apps/mock_llm/mock_llm_answer.hpp"
#include "tests/mock_llm_process.hpp"

#include <boost/json.hpp>

#include <csignal>

namespace {

using namespace guardrails;
using namespace guardrails::mock_llm;
using namespace std::chrono_literals;
namespace json = boost::json;

chat_request hello() {
  return *parse_chat_request(R"({"model":"m","messages":[{"role":"system","content":"Be kind."},)"
                             R"({"role":"user","content":"Say \"hi\"\n"}]})");
}

std::string body_of(const answer_body& body) {
  return body.head + std::string(body.padding, 'x') + body.tail;
}

} // namespace

TEST("shares are percentages or fractions") {
  CHECK(parse_rate("12.5") == 12.5);
  for (const auto* wrong : {"nan", "inf", "-1", "1e10", "", "5/s"})
    CHECK(!parse_rate(wrong));
  CHECK(parse_share("1%") == 0.01);
  CHECK(parse_share("0.25") == 0.25);
  CHECK(parse_share("100%") == 1.0);
  for (const auto* wrong : {"", "%", "-1%", "101%", "1.5", "nan", "x", "1%%", "inf"})
    CHECK(!parse_share(wrong));
}

TEST("durations have units") {
  CHECK(parse_duration("50ms") == 50ms);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("2m") == 120000ms);
  CHECK(parse_duration("7") == 7ms);
  for (const auto* wrong : {"", "ms", "-1s", "1h", "nan", "1e300s", "inf"})
    CHECK(!parse_duration(wrong));
}

TEST("endpoints name host and port") {
  const auto is = [](const char* text, std::string_view host, int port) {
    const auto found = parse_endpoint(text);
    return found && found->host == host && found->port == port;
  };
  CHECK(is("127.0.0.1:80", "127.0.0.1", 80));
  CHECK(is("[::1]:0", "::1", 0));
  CHECK(is(":8080", "0.0.0.0", 8080));
  for (const auto* wrong : {"", "localhost", "::1", "h:65536", "h:", "h:x"})
    CHECK(!parse_endpoint(wrong));
}

TEST("a script mixes plain lines and JSON") {
  const auto answers =
    parse_script("plain\r\n\n\"a\\nb\"\n{\"answer\":\"x\"}\n{\"content\":\"y\"}\n{\"other\":1}\n42");
  const std::vector<std::string> expected{"plain", "a\nb", "x", "y", "{\"other\":1}", "42"};
  CHECK(answers == expected);
}

TEST("chat requests are read tolerantly") {
  const auto request = hello();
  CHECK_EQ(request.model, "m");
  CHECK_EQ(request.last_user, "Say \"hi\"\n");
  CHECK(request.prompt_tokens > 11);
  const auto parts = parse_chat_request(
    R"({"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"},)"
    R"({"type":"text","text":"b"}]}],"stream":true,"stream_options":{"include_usage":true},"x":1})");
  REQUIRE(parts.has_value());
  CHECK_EQ(parts->last_user, "ab");
  CHECK(parts->stream && parts->include_usage);
  for (const auto* wrong : {"", "[]", "{}", "{\"messages\":1}", "{\"messages\":[1]}", "nonsense"})
    CHECK(!parse_chat_request(wrong));
}

TEST("an answer is a chat completion of the size asked for") {
  const auto request = hello();
  const auto value = json::parse(body_of(completion_body(request, request.last_user, {}, 7, 1)));
  CHECK_EQ(value.at("choices").at(0).at("message").at("content").as_string(), "Say \"hi\"\n");
  CHECK_EQ(value.at("usage").at("total_tokens").as_int64(),
           value.at("usage").at("prompt_tokens").as_int64() +
             value.at("usage").at("completion_tokens").as_int64());
  plan padded;
  padded.body_bytes = 5000;
  const auto body = completion_body(request, "x", padded, 0, 1);
  CHECK_EQ(body.size(), 5000u);
  CHECK(json::parse(body_of(body)).is_object());
  plan empty;
  empty.fault = fault::no_choices;
  CHECK(json::parse(body_of(completion_body(request, "x", empty, 0, 1))).at("choices").as_array().empty());
}

TEST("events carry the whole answer") {
  auto request = hello();
  request.include_usage = true;
  std::string joined;
  const auto events = completion_events(request, "one  two\nthree ", 0, 1);
  for (const auto& event : events) {
    CHECK(event.starts_with("data: ") && event.ends_with("\n\n"));
    if (event.starts_with("data: [DONE]"))
      continue;
    const auto value = json::parse(event.substr(6));
    const auto& choices = value.at("choices").as_array();
    if (!choices.empty())
      if (const auto* content = choices[0].at("delta").as_object().if_contains("content"))
        joined += content->as_string();
  }
  CHECK_EQ(joined, "one  two\nthree ");
  CHECK_EQ(events.back(), "data: [DONE]\n\n");
}

TEST("a tool is called unless nobody wants it or it was") {
  const auto tool_of = [](const std::string& more, const char* last = "user") {
    const auto request = parse_chat_request(
      R"({"messages":[{"role":")" + std::string{last} +
      R"(","content":"hi"}],"tools":[{"function":{"name":"a"}},{"custom":{"name":"b"}}])" + more + "}");
    return request ? request->tool : "no request";
  };
  CHECK_EQ(tool_of(""), "a");
  CHECK_EQ(tool_of(R"(,"tool_choice":"none")"), "");
  CHECK_EQ(tool_of(R"(,"tool_choice":{"type":"custom","custom":{"name":"b"}})"), "b");
  CHECK_EQ(tool_of("", "tool"), "");
  CHECK_EQ(call_arguments(R"({"a":1})"), R"({"a":1})");
  CHECK_EQ(call_arguments("say \"x\""), R"({"text":"say \"x\""})");
  auto request = hello();
  request.tool = "look";
  const auto message =
    json::parse(body_of(completion_body(request, "é", {}, 7, 1))).at("choices").at(0).at("message");
  CHECK_EQ(message.at("tool_calls").at(0).at("function").at("arguments").as_string(), R"({"text":"é"})");
  std::string streamed;
  for (const auto& event : completion_events(request, "ééééé", 0, 1))
    if (!event.starts_with("data: [DONE]")) {
      const auto delta = json::parse(event.substr(6)).at("choices").at(0).at("delta").as_object();
      if (const auto* calls = delta.if_contains("tool_calls"))
        streamed += calls->at(0).at("function").at("arguments").as_string();
    }
  CHECK_EQ(streamed, R"({"text":"ééééé"})");
}

TEST("stop, limits and n are kept to") {
  auto request = hello();
  CHECK_EQ(cut_text(request, "one two three").text, "one two three");
  request.stop = {"thr", ""};
  CHECK_EQ(cut_text(request, "one two three").text, "one two ");
  request.most_tokens = 1;
  CHECK_EQ(cut_text(request, "one two three").text, "one");
  CHECK_EQ(cut_text(request, "one two three").reason, "length");
  CHECK_EQ(cut_text(request, "one").reason, "stop");
  request.choices = 2;
  const auto choices = json::parse(body_of(completion_body(request, "one two", {}, 7, 1))).at("choices");
  REQUIRE(choices.as_array().size() == 2);
  CHECK_EQ(choices.at(1).at("message").at("content").as_string(), "one (2)");
}

TEST("plans repeat with their seed and keep to their shares") {
  options how;
  how.errors = 0.1;
  how.jitter = 20ms;
  std::size_t failed = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const auto first = plan_request(how, "m", i), second = plan_request(how, "m", i);
    CHECK(first.fault == second.fault && first.delay == second.delay && first.delay <= 20ms);
    failed += first.fault == fault::status;
  }
  CHECK(failed > 800 && failed < 1200);
}

TEST("models and fail-first choose the fault") {
  options how;
  how.fail_first = 2;
  CHECK(plan_request(how, "m", 1).status == 503);
  CHECK(plan_request(how, "m", 2).fault == fault::none);
  CHECK(plan_request(how, "mock-429", 9).status == 429);
  CHECK(plan_request(how, "mock-hang", 0).fault == fault::hang);
  CHECK(plan_request(how, "mock-cut", 0).fault == fault::cut);
  CHECK(plan_request(how, "mock-html", 0).fault == fault::html);
  CHECK(plan_request(how, "mock-no-choices", 0).fault == fault::no_choices);
  CHECK(plan_request(how, "mock-huge", 0).body_bytes == 100u << 20);
  CHECK(plan_request(how, "mock-999", 5).fault == fault::none);
}

TEST("a recording mock counts the texts that it was asked more than once") {
  test::mock_llm_process mock{{"--record"}};
  const auto chat = [&](const char* text) {
    test::ask_loopback(mock.port(), "POST /v1/chat/completions",
                       json::serialize(json::object{{"messages", {{{"role", "user"}, {"content", text}}}}}));
  };
  for (const auto* text : {"one", "two", "one", "one"})
    chat(text);
  CHECK_EQ(mock.stats().repeated, 1);
  mock.reset_stats();
  chat("one");
  CHECK_EQ(mock.stats().repeated, 0);
}

TEST("the program serves, counts and ends on SIGTERM") {
  test::mock_llm_process mock;
  CHECK(json::parse(test::ask_loopback(mock.port(), "GET /v1/models")).is_object());
  CHECK(test::ask_loopback(mock.port(), "GET /nowhere").find("no such page") != std::string::npos);
  CHECK(test::ask_loopback(mock.port(), "POST /v1/chat/completions").find("not a chat") != std::string::npos);
  CHECK_EQ(mock.stats().requests, 1);
  CHECK_EQ(mock.stats().accepted_connections, 3);
  mock.reset_stats();
  CHECK_EQ(mock.stats().requests, 0);
  mock.process().signal(SIGTERM);
  CHECK_EQ(mock.process().wait(5s), 0);
}

TEST("the program streams, paces, checks keys and follows its script") {
  const auto chat = [](const test::mock_llm_process& mock, const std::string& extra) {
    return test::ask_loopback(mock.port(), "POST /v1/chat/completions",
                              R"({"messages":[{"role":"user","content":"one two three"}])" + extra + "}");
  };
  test::mock_llm_process plain{{"--threads", "2"}};
  const auto events = chat(plain, R"(,"stream":true)");
  CHECK(events.find("chat.completion.chunk") != std::string::npos);
  CHECK(events.find("data: [DONE]\n\n\r\n0\r\n\r\n") != std::string::npos);
  const auto answer = json::parse(chat(plain, ""));
  CHECK_EQ(answer.at("choices").at(0).at("message").at("content").as_string(), "one two three");

  test::mock_llm_process slow{{"--tokens-per-second", "30", "--latency", "10ms", "--jitter", "5ms"}};
  const auto begin = std::chrono::steady_clock::now();
  CHECK(json::parse(chat(slow, "")).is_object());
  CHECK(chat(slow, R"(,"stream":true)").find("[DONE]") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begin >= 100ms);

  test::mock_llm_process guarded{{"--api-key", "secret"}};
  CHECK(chat(guarded, "").find("Incorrect API key") != std::string::npos);

  test::mock_llm_process scripted{{"--script", GUARDRAILS_SOURCE_DIR "/.gitignore", "--body-bytes", "2000"}};
  const auto first = chat(scripted, ""), second = chat(scripted, "");
  CHECK_EQ(first.size(), 2000u);
  CHECK(first != second);
}

TEST("the program notices clients that leave while it waits") {
  test::mock_llm_process mock{{"--latency", "60s"}};
  {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(mock.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const std::string body = R"({"messages":[]})";
    const auto request =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
    CHECK(send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0);
    for (int i = 0; i < 500 && mock.stats().requests < 1; ++i)
      std::this_thread::sleep_for(10ms);
    close(fd);
  }
  for (int i = 0; i < 500 && mock.stats().cancelled < 1; ++i)
    std::this_thread::sleep_for(10ms);
  CHECK_EQ(mock.stats().cancelled, 1);
  CHECK_EQ(mock.stats().open_connections, 0);
}

TEST("the program explains wrong usage with exit code 2") {
  const auto exit_code = [](std::vector<std::string> arguments) {
    return test::child_process{GUARDRAILS_BINARY_DIR "/apps/guardrails", std::move(arguments)}.wait();
  };
  CHECK_EQ(exit_code({"mock-llm", "--latency", "soon"}), 2);
  CHECK_EQ(exit_code({"mock-llm", "--errors", "200%"}), 2);
  CHECK_EQ(exit_code({"mock-llm", "--listen", "nowhere"}), 2);
  CHECK_EQ(exit_code({"no-such-command"}), 2);
  CHECK_EQ(exit_code({"mock-llm", "--listen", "203.0.113.1:1"}), 3);
  CHECK_EQ(exit_code({"--version"}), 0);
  CHECK_EQ(exit_code({"mock-llm", "--help"}), 0);
}
