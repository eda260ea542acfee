// What the tests of all providers share.
#pragma once

#include "llm/provider.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace guardrails::test {

/// The body of a call; or the error's message.
inline std::string body_or_problem(const llm_config& config, std::span<const chat_message> messages,
                                   std::string_view options = {},
                                   llm::answer_form form = llm::answer_form::whole) {
  const auto made = llm::provider_of(config.engine).encode({config, messages, options, form, {}});
  if (const auto* call = std::get_if<llm::http_call>(&made))
    return call->body;
  const auto& error = std::get<generation_error>(made);
  return error.kind + ": " + error.message;
}

inline llm::http_call call_of(const llm_config& config, std::span<const chat_message> messages,
                              llm::answer_form form = llm::answer_form::whole,
                              std::chrono::system_clock::time_point now = {}) {
  return std::get<llm::http_call>(llm::provider_of(config.engine).encode({config, messages, {}, form, now}));
}

/// `kind/status`, and the message.
struct read_error {
  std::string kind = "none";
  std::string message;
};

/// What was made of an answer.
struct read_answer {
  llm::completion said;
  read_error error;
};

inline read_answer make_answer(std::variant<llm::completion, generation_error> decoded) {
  read_answer got;
  if (auto* problem = std::get_if<generation_error>(&decoded))
    got.error = {problem->kind + "/" + std::to_string(problem->status), problem->message};
  else
    got.said = std::move(std::get<llm::completion>(decoded));
  return got;
}

inline read_answer decode(const llm_config& config, std::string_view body, std::uint32_t status = 200,
                          std::span<const chat_message> sent = {}) {
  return make_answer(llm::provider_of(config.engine).decode(config, sent, status, body));
}

/// `kind/status` of the error that an answer is.
inline std::string error_kind(const llm_config& config, std::string_view body, std::uint32_t status = 200) {
  return decode(config, body, status).error.kind;
}

/// A stream cut into pieces of `piece` bytes.
inline read_answer read_stream(const llm_config& config, std::string_view body, std::size_t piece = 7,
                               std::span<const chat_message> sent = {}) {
  const auto stream = llm::provider_of(config.engine).open(config, sent, 200);
  std::string text;
  for (std::size_t at = 0; at < body.size(); at += piece)
    if (stream->feed(body.substr(at, piece), text))
      break;
  auto got = make_answer(stream->finish());
  got.said.text = text;
  return got;
}

/// Two turns of a conversation with a tool, and a question.
inline std::vector<chat_message> tool_talk() {
  return {{"system", "Be brief."},
          {"user", "What is the weather in Bonn?"},
          {"assistant", "",
           R"({"content":null,"tool_calls":[{"id":"call_1","type":"function",)"
           R"("function":{"name":"weather","arguments":"{\"city\":\"Bonn\"}"}}]})"},
          {"tool", "rain", R"({"tool_call_id":"call_1"})"},
          {"user", "And tomorrow?"}};
}

inline constexpr std::string_view weather_tool =
  R"("tools":[{"type":"function","function":{"name":"weather","description":"Looks out.",)"
  R"("parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}])";

inline bool holds(std::string_view text, std::string_view piece) {
  return text.find(piece) != text.npos;
}

} // namespace guardrails::test
