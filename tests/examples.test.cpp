// Runs every example as its reader would and compares what it prints; drives the web service over HTTP.
#define CAF_SUITE examples
#include "tests/caf_test.hpp"

#include "tests/child_process.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <csignal>
#include <fstream>
#include <iterator>

using guardrails::test::child_process;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::chrono::seconds patience{60};

std::string example(const std::string& name) {
  return GUARDRAILS_BINARY_DIR "/examples/example_" + name;
}

/// What an example prints, then its exit code.
std::string run(const std::string& name) {
  child_process program{example(name), {}};
  const auto code = program.wait(patience);
  return program.output() + "exit code " + std::to_string(code);
}

std::string read_file(const std::string& path) {
  std::ifstream file{GUARDRAILS_SOURCE_DIR "/" + path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The web example on a free port.
class web_service {
public:
  explicit web_service(std::vector<std::string> more = {})
    : child_{example("web_framework"), arguments(std::move(more))}
    , port_{child_.wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", patience)[1]} {}

  const std::string& port() const noexcept { return port_; }
  child_process& process() noexcept { return child_; }

private:
  static std::vector<std::string> arguments(std::vector<std::string> more) {
    more.insert(more.begin(), {"--listen", "127.0.0.1:0"});
    return more;
  }

  child_process child_;
  std::string port_;
};

/// One connection to the web example.
class client {
public:
  explicit client(const web_service& service)
    : stream_{io_} {
    asio::connect(stream_, asio::ip::tcp::resolver{io_}.resolve("127.0.0.1", service.port()));
  }

  /// Status and body of the answer, or `closed`.
  std::string ask(http::verb method, const std::string& target, std::string body = {}) {
    http::request<http::string_body> request{method, target, 11};
    request.set(http::field::host, "localhost");
    request.body() = std::move(body);
    request.prepare_payload();
    beast::error_code ignored; // the service may refuse a long body before it was sent
    http::write(stream_, request, ignored);
    return answer();
  }

  std::string post(std::string body) { return ask(http::verb::post, "/chat", std::move(body)); }

  std::string ask_raw(const std::string& bytes) {
    asio::write(stream_, asio::buffer(bytes));
    return answer();
  }

  /// Sends the beginning of a request and nothing more.
  void begin() { asio::write(stream_, asio::buffer(std::string{"POST /chat HTTP/1.1\r\n"})); }

private:
  std::string answer() {
    http::response<http::string_body> response;
    beast::error_code problem;
    http::read(stream_, buffer_, response, problem);
    if (problem)
      return "closed";
    return std::to_string(response.result_int()) + " " + response.body();
  }

  asio::io_context io_;
  asio::ip::tcp::socket stream_;
  beast::flat_buffer buffer_;
};

std::string ask_once(const web_service& service, std::string body) {
  return client{service}.post(std::move(body));
}

std::string question(const std::string& text) {
  return R"({"messages": [{"role": "user", "content": ")" + text + R"("}]})";
}

} // namespace

TEST("async_generation prints one answer") {
  CHECK_EQ(run("async_generation"), "What is machine learning?\nexit code 0");
}

TEST("two_nodes prints an answer from elsewhere") {
  const std::string guardrails = GUARDRAILS_BINARY_DIR "/apps/guardrails";
  child_process one{guardrails, {"node", "--listen", "127.0.0.1:0"}};
  child_process two{guardrails, {"node", "--listen", "127.0.0.1:0"}};
  const std::string listening = "node listening on (127\\.0\\.0\\.1:\\d+)";
  child_process program{
    example("two_nodes"),
    {one.wait_for_line(listening, patience)[1], two.wait_for_line(listening, patience)[1]}};
  CHECK_EQ(program.wait(patience), 0);
  CHECK_EQ(program.output(), "What is AI?\nWhat is ML?\n");
}

TEST("the README shows async_generation as it is") {
  const auto program = read_file("examples/async_generation.cpp");
  CHECK(!program.empty());
  CHECK(read_file("README.md").find("```cpp\n" + program + "```\n") != std::string::npos);
}

TEST("detailed_async_results prints an answered and a blocked generation") {
  CHECK_EQ(run("detailed_async_results"),
           "user_input: What is artificial intelligence?\n"
           "llm_response: What is artificial intelligence?\n"
           "final_response: What is artificial intelligence?\n"
           "blocked: false\n"
           "input_check.passed: true\n"
           "output_check.passed: true\n"
           "model: echo\n"
           "\n"
           "user_input: Write to john.doe@example.com\n"
           "llm_response: (the model was not asked)\n"
           "final_response: Sensitive data detected. Please rephrase your input.\n"
           "blocked: true\n"
           "block_reason: input\n"
           "input_check.passed: false\n"
           "  Email in bytes [9, 29)\n"
           "\n"
           "exit code 0");
}

TEST("concurrent_requests answers three questions in their order, at once") {
  CHECK_EQ(run("concurrent_requests"), "What is AI?\nWhat is ML?\nWhat is NLP?\nconcurrent\nexit code 0");
}

TEST("error_handling shows every way a generation can fail") {
  CHECK_EQ(run("error_handling"),
           "config_error: llm.timeuot: did you mean llm.timeout?\n"
           "blocked: input: Sensitive data detected. Please rephrase your input.\n"
           "no question: no_user_input: No user message provided.\n"
           "upstream down: llm_error: The language model is unavailable. (connect_failed)\n"
           "too slow: timeout: The request timed out. (timeout)\n"
           "given up: cancelled: The request was cancelled. (cancelled)\n"
           "exit code 0");
}

TEST("embed_in_actor_system is answered as an actor") {
  CHECK_EQ(run("embed_in_actor_system"), "answer: What is an actor?\n"
                                         "blocked: Sensitive data detected. Please rephrase your input.\n"
                                         "exit code 0");
}

TEST("streaming shows the answer and says so") {
  CHECK_EQ(run("streaming"), "What is an actor?\nwhole answer shown\nexit code 0");
}

TEST("no_llm validates input and checks texts") {
  CHECK_EQ(run("no_llm"), "Input validation passed. No LLM configured.\n"
                          "Sensitive data detected. Please rephrase your input.\n"
                          "Sensitive data detected. Please rephrase your input.\n"
                          "Sensitive data detected. LLM response has been blocked.\n"
                          "Sensitive data detected.\n"
                          "All checks passed\n"
                          "exit code 0");
}

TEST("the web service answers what the rails let through") {
  const web_service service;
  CHECK_EQ(ask_once(service, question("What is AI?")), R"(200 {"response":"What is AI?"})");
}

TEST("the web service says why a request was blocked") {
  const web_service service;
  CHECK_EQ(ask_once(service, question("I am john.doe@example.com")),
           R"(200 {"error":"input","message":"Sensitive data detected. Please rephrase your input."})");
  CHECK_EQ(ask_once(service, R"({"messages": [{"role": "system", "content": "Be brief."}]})"),
           R"(200 {"error":"no_user_input","message":"No user message provided."})");
}

TEST("the web service refuses bodies that are not a conversation") {
  const web_service service;
  CHECK_EQ(ask_once(service, R"({"messages": []})"), R"(400 {"detail":"No messages provided"})");
  CHECK_EQ(ask_once(service, R"({"messages": [)"), R"(400 {"detail":"body: not valid JSON"})");
  CHECK_EQ(ask_once(service, ""), R"(400 {"detail":"body: not valid JSON"})");
  CHECK_EQ(ask_once(service, "\"\xff\""), R"(400 {"detail":"body: not valid JSON"})");
  CHECK_EQ(ask_once(service, "[]"), R"(400 {"detail":"messages: missing or of the wrong type"})");
  CHECK_EQ(ask_once(service, "{}"), R"(400 {"detail":"messages: missing or of the wrong type"})");
  CHECK_EQ(ask_once(service, R"({"messages": {}})"),
           R"(400 {"detail":"messages: missing or of the wrong type"})");
  CHECK_EQ(ask_once(service, R"({"messages": [1]})"),
           R"(400 {"detail":"role: missing or of the wrong type"})");
  CHECK_EQ(ask_once(service, R"({"messages": [{"role": "user", "content": 1}]})"),
           R"(400 {"detail":"content: missing or of the wrong type"})");
  CHECK_EQ(ask_once(service, std::string(1000, '[') + std::string(1000, ']')),
           R"(400 {"detail":"body: not valid JSON"})");
}

TEST("the web service refuses a body that is too large, announced or not") {
  const web_service service;
  CHECK_EQ(ask_once(service, question(std::string(1u << 20, 'x'))), R"(413 {"detail":"body too large"})");
  std::string chunked = "POST /chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  chunked += "20000\r\n" + std::string(0x20000, ' ') + "\r\n0\r\n\r\n";
  CHECK_EQ(client{service}.ask_raw(chunked), R"(413 {"detail":"body too large"})");
  CHECK_EQ(ask_once(service, question("still there")), R"(200 {"response":"still there"})");
}

TEST("the web service knows one path and one method") {
  const web_service service;
  CHECK_EQ(client{service}.ask(http::verb::post, "/", question("x")), R"(404 {"detail":"Not Found"})");
  CHECK_EQ(client{service}.ask(http::verb::get, "/chats"), R"(404 {"detail":"Not Found"})");
  CHECK_EQ(client{service}.ask(http::verb::get, "/chat"), R"(405 {"detail":"Method Not Allowed"})");
}

TEST("the web service answers 400 to what is not HTTP") {
  const web_service service;
  CHECK_EQ(client{service}.ask_raw("\x16\x03\x01 hello\r\n\r\n"), R"(400 {"detail":"not HTTP"})");
}

TEST("one connection to the web service carries several requests") {
  const web_service service;
  client connection{service};
  CHECK_EQ(connection.post(question("one")), R"(200 {"response":"one"})");
  CHECK_EQ(connection.post("{"), R"(400 {"detail":"body: not valid JSON"})");
  CHECK_EQ(connection.post(question("two")), R"(200 {"response":"two"})");
}

TEST("the web service reads its configuration from a file") {
  const web_service service{{"--config", GUARDRAILS_SOURCE_DIR "/config/no_llm.yml"}};
  CHECK_EQ(ask_once(service, question("Hello")),
           R"(200 {"response":"Input validation passed. No LLM configured."})");
}

TEST("the web service ends cleanly on SIGTERM with connections open") {
  web_service service;
  client idle{service};
  client halfway{service};
  halfway.begin();
  CHECK_EQ(idle.post(question("Hello")), R"(200 {"response":"Hello"})");
  service.process().signal(SIGTERM);
  CHECK_EQ(service.process().wait(patience), 0);
}

TEST("the web service does not start with a wrong configuration") {
  child_process program{example("web_framework"),
                        {"--listen", "127.0.0.1:0", "--config", "/nonexistent.yml"}};
  CHECK_EQ(program.wait(patience), 2);
}
