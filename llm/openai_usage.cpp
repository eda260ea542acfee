// Reads counts as providers write them.
#include "llm/openai_usage.hpp"

#include "llm/json_reader.hpp"

namespace guardrails::llm {

namespace json = boost::json;

std::uint64_t count_of(const json::value* value) {
  constexpr double largest = 9e15; // doubles count exactly up to here
  if (!value)
    return 0;
  if (value->is_uint64())
    return value->get_uint64() <= static_cast<std::uint64_t>(largest) ? value->get_uint64() : 0;
  if (value->is_int64())
    return value->get_int64() > 0 ? static_cast<std::uint64_t>(value->get_int64()) : 0;
  if (value->is_double() && value->get_double() >= 0 && value->get_double() <= largest)
    return static_cast<std::uint64_t>(value->get_double());
  return 0;
}

token_usage usage_of(std::uint64_t prompt, std::uint64_t completion) {
  return {prompt, completion, prompt + completion, false};
}

token_usage openai_usage(const json::value* value) {
  token_usage usage;
  usage.prompt_tokens = count_of(member(value, "prompt_tokens"));
  usage.completion_tokens = count_of(member(value, "completion_tokens"));
  usage.total_tokens = count_of(member(value, "total_tokens"));
  if (usage.total_tokens == 0)
    usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;
  return usage;
}

} // namespace guardrails::llm
