// The requests of our own endpoints and of moderation: one text, or several.
#pragma once

#include "apps/gateway/api_error.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::gateway {

/// Which checks a text meets.
enum class text_direction : std::uint8_t { input, output, text };
BOOST_DESCRIBE_ENUM(text_direction, input, output, text)

/// `{"text": "…", "direction": "input"}`; the direction is `text` where none is given.
struct check_call {
  std::string text;
  text_direction direction = text_direction::text;
};
std::variant<check_call, api_error> read_check_call(std::string_view body);

/// `{"message": "…"}`
std::variant<std::string, api_error> read_simple_chat(std::string_view body);

/// The `input` of a moderation request: a text, or a list of texts or text parts.
inline constexpr std::size_t most_moderated = 256;
std::variant<std::vector<std::string>, api_error> read_moderation_call(std::string_view body);

} // namespace guardrails::gateway
