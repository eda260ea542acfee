// Says whether a conversation can be judged and sent at all: a pure function.
#pragma once

#include <guardrails/generation.hpp>

#include <optional>
#include <span>

namespace guardrails::actors {

/// Bounds of one request.
inline constexpr std::size_t max_messages = 10'000;
inline constexpr std::size_t max_request_bytes = 64u << 20;

/// Why `messages` is not a valid conversation, naming the place (`messages[2].role`) and never quoting a
/// text; or nothing. Roles are `system`, `developer`, `user`, `assistant`, `tool`; contents are UTF-8.
std::optional<generation_error> find_problem(std::span<const chat_message> messages);

} // namespace guardrails::actors
