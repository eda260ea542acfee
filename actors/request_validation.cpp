// Says whether a conversation can be judged and sent at all.
#include "actors/request_validation.hpp"

#include "llm/json_reader.hpp"
#include "llm/message_extra.hpp"

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
    if (auto problem = llm::find_extra_problem(message))
      return invalid(i, "extra", std::move(*problem));
    bytes += message.content.size() + message.extra.size();
  }
  if (bytes > max_request_bytes)
    return generation_error{"invalid_request",
                            "messages: more than " + std::to_string(max_request_bytes) + " bytes", 0};
  return std::nullopt;
}

std::optional<generation_error> find_options_problem(std::string_view options) {
  if (options.empty())
    return std::nullopt;
  if (options.size() > max_options_bytes)
    return generation_error{"invalid_request",
                            "options: more than " + std::to_string(max_options_bytes) + " bytes", 0};
  llm::bounded_parser parser;
  const auto* value = parser.parse(options);
  if (!value || !value->is_object())
    return generation_error{"invalid_request",
                            "options: expected a JSON object that is not nested too deeply", 0};
  const auto* n = llm::member(value, "n");
  if (n && !n->is_null() && (!n->is_int64() || n->get_int64() < 1 || n->get_int64() > max_choices))
    return generation_error{"invalid_request", "options.n: expected 1 to " + std::to_string(max_choices), 0};
  return std::nullopt;
}

} // namespace guardrails::actors
