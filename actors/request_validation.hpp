// Says whether a conversation can be judged and sent at all: a pure function.
#pragma once

#include <guardrails/generation.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace guardrails::actors {

/// Bounds of one request.
inline constexpr std::size_t max_messages = 10'000;
inline constexpr std::size_t max_request_bytes = 64u << 20;
inline constexpr std::size_t max_options_bytes = 4u << 20;
inline constexpr std::int64_t max_choices = 128;

/// Why `messages` is not a valid conversation, naming the place (`messages[2].role`) and never quoting a
/// text; or nothing. Roles are `system`, `developer`, `user`, `assistant`, `tool`; contents are UTF-8,
/// extra members are JSON that fits them.
std::optional<generation_error> find_problem(std::span<const chat_message> messages);

/// The same of a request's options: a JSON object, whose `n` is from 1 to max_choices.
std::optional<generation_error> find_options_problem(std::string_view options);

} // namespace guardrails::actors
