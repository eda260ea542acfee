// OpenAI's chat requests, read tolerantly: what the runtime can carry is kept, what would change the answer
// and cannot be carried is refused by name, everything else is ignored.
#pragma once

#include "apps/gateway/api_error.hpp"

#include <guardrails/generation.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::gateway {

/// A request of `POST /v1/chat/completions`. Sampling options are the configuration's (`llm:`), not the
/// request's: the place for a request's own is here, once a generation_request can carry them.
struct chat_call {
  std::vector<chat_message> messages;
  std::string model; ///< as the client names it; empty: it does not
  bool stream = false;
  bool include_usage = false; ///< of a stream: whether its last chunk counts tokens
};

/// Reads the body. Text parts of a message are joined by newlines, as the checks and the model see them.
std::variant<chat_call, api_error> read_chat_call(std::string_view body);

} // namespace guardrails::gateway
