// The embedded stand-in for a model, labelled as such: answers with the last user message.
#pragma once

#include "llm/chat_codec.hpp"

#include <chrono>
#include <span>

namespace guardrails::llm {

/// An answer and when it is due.
struct echo_reply {
  completion result;
  std::chrono::microseconds delay{0};
};

/// `config.latency`, and the time its tokens take at `config.tokens_per_second`, make up the delay.
echo_reply echo(const llm_config& config, std::span<const chat_message> messages);

} // namespace guardrails::llm
