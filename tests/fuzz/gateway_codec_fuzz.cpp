// Fuzzes what clients send to the gateway: bodies, and header values that are read.
#include "apps/gateway/chat_answer.hpp"
#include "apps/gateway/chat_call.hpp"
#include "apps/gateway/route.hpp"
#include "apps/gateway/text_calls.hpp"
#include "apps/gateway/trace_context.hpp"
#include "llm/trace_headers.hpp"

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
  for (const auto& message : call.messages)
    require(find_invalid_utf8(message.content) == std::string_view::npos);
  boost::json::error_code problem;
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
  read_check_call(text);
  read_simple_chat(text);
  if (const auto texts = read_moderation_call(text); std::holds_alternative<std::vector<std::string>>(texts))
    require(std::get<std::vector<std::string>>(texts).size() <= most_moderated);
  find_route("POST", text);
  if (const auto trace = read_traceparent(text)) {
    require(llm::is_traceparent(to_header(*trace)));
    is_sampled(*trace);
  }
  is_request_id(text);
  return 0;
}
