// The embedded stand-in for a model, labelled as such: answers with the last user message.
#pragma once

#include "llm/chat_codec.hpp"

#include <chrono>
#include <span>

namespace guardrails::llm {

/// The answer to a conversation.
completion echo(const llm_config& config, std::span<const chat_message> messages);

/// How long the answer takes: `config.latency`, and what its tokens take at `config.tokens_per_second`.
std::chrono::microseconds echo_delay(const llm_config& config, std::span<const chat_message> messages);

} // namespace guardrails::llm
