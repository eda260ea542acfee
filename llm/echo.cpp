// The embedded stand-in for a model.
#include "llm/echo.hpp"

#include <ranges>

namespace guardrails::llm {

namespace {

std::string_view last_user_message(std::span<const chat_message> messages) {
  for (const auto& message : std::views::reverse(messages))
    if (message.role == "user")
      return message.content;
  return {};
}

} // namespace

completion echo(const llm_config& config, std::span<const chat_message> messages) {
  completion result;
  result.text = last_user_message(messages);
  result.model = config.model.empty() ? "echo" : config.model;
  result.finish_reason = "stop";
  return result;
}

std::chrono::microseconds echo_delay(const llm_config& config, std::span<const chat_message> messages) {
  std::chrono::microseconds delay = config.latency;
  if (config.tokens_per_second > 0) {
    const auto tokens = static_cast<double>(estimate_tokens(last_user_message(messages)));
    delay += std::chrono::microseconds{static_cast<std::int64_t>(tokens / config.tokens_per_second * 1e6)};
  }
  return delay;
}

} // namespace guardrails::llm
