// A web service: POST /chat takes {"messages": [{"role": "user", "content": "…"}]} and answers
// {"response": …}, or {"error": …, "message": …} when the rails blocked it.
#include "http_server.hpp"

#include <guardrails/asio.hpp>
#include <guardrails/guardrails.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/json.hpp>

#include <iostream>
#include <stdexcept>

using namespace guardrails;
using namespace http_server;
namespace json = boost::json;

namespace {

/// A request that is not what the interface describes; what() says why.
struct bad_request : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const json::value& member(const json::value& of, const char* name, json::kind kind) {
  const auto* object = of.if_object();
  const auto* value = object ? object->if_contains(name) : nullptr;
  if (!value || value->kind() != kind)
    throw bad_request{std::string{name} + ": missing or of the wrong type"};
  return *value;
}

std::vector<chat_message> read_messages(const std::string& body) {
  beast::error_code problem;
  const auto value = json::parse(body, problem); // at most 32 levels deep
  if (problem)
    throw bad_request{"body: not valid JSON"};
  std::vector<chat_message> messages;
  for (const auto& entry : member(value, "messages", json::kind::array).get_array())
    messages.push_back({std::string{member(entry, "role", json::kind::string).get_string()},
                        std::string{member(entry, "content", json::kind::string).get_string()}});
  if (messages.empty())
    throw bad_request{"No messages provided"};
  return messages;
}

response as_json(http::status status, const json::object& body) {
  return make_response(status, json::serialize(body));
}

asio::awaitable<response> chat(llm_rails& rails, const request& asked) {
  std::vector<chat_message> messages;
  try {
    messages = read_messages(asked.body());
  } catch (const bad_request& problem) {
    co_return as_json(http::status::bad_request, {{"detail", problem.what()}});
  }
  const auto result = co_await rails.generate_async(std::move(messages), return_details, asio::use_awaitable);
  if (result.blocked)
    co_return as_json(http::status::ok,
                      {{"error", boost::describe::enum_to_string(result.block_reason.value(), "?")},
                       {"message", result.final_response}});
  co_return as_json(http::status::ok, {{"response", result.final_response}});
}

asio::awaitable<response> route(llm_rails& rails, const request& asked) {
  if (asked.target() != "/chat")
    co_return as_json(http::status::not_found, {{"detail", "Not Found"}});
  if (asked.method() == http::verb::post)
    co_return co_await chat(rails, asked);
  auto answer = as_json(http::status::method_not_allowed, {{"detail", "Method Not Allowed"}});
  answer.set(http::field::allow, "POST");
  co_return answer;
}

void run(const std::string& host, const std::string& port, const rails_config& config) {
  asio::io_context io{1};
  llm_rails rails{config}; // ends before the context that its answers are posted to
  asio::ip::tcp::acceptor acceptor{io, *asio::ip::tcp::resolver{io}.resolve(host, port).begin()};
  asio::signal_set signals{io, SIGINT, SIGTERM};
  signals.async_wait([&](beast::error_code, int) { io.stop(); });
  const handler handle = [&rails](const request& asked) { return route(rails, asked); };
  asio::co_spawn(io, accept_all(acceptor, handle), asio::detached);
  std::cout << "listening on http://" << acceptor.local_endpoint() << std::endl;
  io.run();
}

} // namespace

int main(int argc, char** argv) try {
  std::string listen = "127.0.0.1:8080";
  auto config = rails_config::from_content("llm: {engine: echo}");
  for (int i = 1; i + 1 < argc; i += 2) {
    if (argv[i] == std::string{"--listen"})
      listen = argv[i + 1];
    else if (argv[i] == std::string{"--config"})
      config = rails_config::from_file(argv[i + 1]);
  }
  const auto colon = listen.rfind(':');
  run(listen.substr(0, colon), listen.substr(colon + 1), config);
} catch (const std::exception& problem) {
  std::cerr << "web_framework: " << problem.what() << '\n';
  return 2;
}
