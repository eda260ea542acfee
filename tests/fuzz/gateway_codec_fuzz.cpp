// Fuzzes what clients send to the gateway: bodies, and header values that are read.
#include "apps/gateway/chat_answer.hpp"
#include "apps/gateway/chat_call.hpp"
#include "apps/gateway/embedding_call.hpp"
#include "apps/gateway/route.hpp"
#include "apps/gateway/text_calls.hpp"
#include "apps/gateway/trace_context.hpp"

#include "llm/chat_codec.hpp"
#include "llm/message_extra.hpp"

#include <guardrails/utf8.hpp>

#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

namespace {

using namespace guardrails;
using namespace guardrails::gateway;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void answer(const chat_call& call, std::string_view raw) {
  generation result;
  result.final_response = raw; // any bytes: the answer is JSON whatever the model said
  result.tool_calls = {{"c", "function", "f", std::string{raw}}};
  result.further_choices = {{std::string{raw}, result.tool_calls, "stop"}};
  for (const auto& message : call.messages) {
    require(find_invalid_utf8(message.content) == std::string_view::npos);
    require(!llm::find_extra_problem(message)); // what is read fits
  }
  boost::json::error_code problem;
  const auto sent = llm::encode_openai({}, call.messages, call.options);
  boost::json::parse(sent.body, problem);
  require(!problem);
  const auto body = completion_body({"chatcmpl-1", call.model, 0}, result, true);
  boost::json::parse(body, problem);
  require(!problem);
  const auto stream = stream_body({"chatcmpl-1", call.model, 0}, result, call.include_usage, true);
  require(stream.ends_with("data: [DONE]\n\n"));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = read_chat_call(text);
  if (const auto* call = std::get_if<chat_call>(&read)) {
    require(!call->messages.empty());
    answer(*call, text);
  } else {
    require(std::get<api_error>(read).status == 400);
    require(!body_of(std::get<api_error>(read)).empty());
  }
  answer({}, text);
  if (const auto prompt = read_prompt_call(text); std::holds_alternative<chat_call>(prompt))
    answer(std::get<chat_call>(prompt), text);
  if (const auto read_inputs = read_embedding_call(text);
      std::holds_alternative<embedding_call>(read_inputs)) {
    const auto again = read_embedding_call(body_of(std::get<embedding_call>(read_inputs)));
    require(std::get<embedding_call>(again).inputs == std::get<embedding_call>(read_inputs).inputs);
  }
  read_check_call(text);
  read_simple_chat(text);
  if (const auto texts = read_moderation_call(text); std::holds_alternative<std::vector<std::string>>(texts))
    require(std::get<std::vector<std::string>>(texts).size() <= most_moderated);
  find_route("POST", text);
  if (const auto trace = read_traceparent(text))
    require(read_traceparent(to_header(*trace)).has_value());
  is_request_id(text);
  return 0;
}
