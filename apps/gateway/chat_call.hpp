// OpenAI's chat requests, read tolerantly: what the checks judge is taken apart, what would carry text past
// them is refused by name, everything else goes on as it is.
#pragma once

#include "apps/gateway/api_error.hpp"

#include <guardrails/generation.hpp>

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::gateway {

/// A request of `POST /v1/chat/completions`.
struct chat_call {
  std::vector<chat_message> messages;
  std::string options; ///< as in a generation_request
  std::string model;   ///< as the client names it; empty: it does not
  bool stream = false;
  bool include_usage = false; ///< of a stream: whether its last chunk counts tokens
  bool is_prompt = false;     ///< of `POST /v1/completions`
};

inline constexpr std::int64_t most_choices = 128; ///< that `n` may ask for

/// Reads the body. Text parts of a message are joined by newlines, as the checks see them.
std::variant<chat_call, api_error> read_chat_call(std::string_view body);

/// Reads the body of `POST /v1/completions`, whose one prompt becomes a user's message.
std::variant<chat_call, api_error> read_prompt_call(std::string_view body);

/// Reads all but the messages: `model`, `stream`, and as options what is left without the members `taken`.
std::optional<api_error> read_call_options(const boost::json::object& request, std::string_view taken,
                                           chat_call& to);

} // namespace guardrails::gateway
