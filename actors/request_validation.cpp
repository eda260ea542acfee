// Says whether a conversation can be judged and sent at all.
#include "actors/request_validation.hpp"

#include <guardrails/utf8.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace guardrails::actors {

namespace {

constexpr std::array<std::string_view, 5> roles{"system", "developer", "user", "assistant", "tool"};

generation_error invalid(std::size_t index, std::string_view member, std::string problem) {
  return {"invalid_request",
          "messages[" + std::to_string(index) + "]." + std::string{member} + ": " + problem, 0};
}

} // namespace

std::optional<generation_error> find_problem(std::span<const chat_message> messages) {
  if (messages.size() > max_messages)
    return generation_error{"invalid_request", "messages: more than " + std::to_string(max_messages), 0};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto& message = messages[i];
    if (std::ranges::find(roles, message.role) == roles.end())
      return invalid(i, "role", "unknown role; expected system, developer, user, assistant or tool");
    if (const auto at = find_invalid_utf8(message.content); at != std::string_view::npos)
      return invalid(i, "content", "invalid UTF-8 at byte " + std::to_string(at));
    bytes += message.content.size();
  }
  if (bytes > max_request_bytes)
    return generation_error{"invalid_request",
                            "messages: more than " + std::to_string(max_request_bytes) + " bytes", 0};
  return std::nullopt;
}

} // namespace guardrails::actors
