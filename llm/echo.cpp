// The embedded stand-in for a model.
#include "llm/echo.hpp"

namespace guardrails::llm {

echo_reply echo(const llm_config& config, std::span<const chat_message> messages) {
  echo_reply reply;
  for (const auto& message : messages)
    if (message.role == "user")
      reply.result.text = message.content;
  reply.result.model = config.model.empty() ? "echo" : config.model;
  reply.result.finish_reason = "stop";
  reply.delay = config.latency;
  if (config.tokens_per_second > 0) {
    const auto tokens = static_cast<double>(estimate_tokens(reply.result.text));
    reply.delay +=
      std::chrono::microseconds{static_cast<std::int64_t>(tokens / config.tokens_per_second * 1e6)};
  }
  return reply;
}

} // namespace guardrails::llm
