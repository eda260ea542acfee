// A conversation as providers other than OpenAI want it: instructions apart, then turns that alternate.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace guardrails::llm {

enum class part_kind : std::uint8_t {
  text,
  image, ///< as Base64
  linked_image,
  tool_call,
  tool_result,
};

/// A part of a turn; which members count depends on its kind.
struct chat_part {
  part_kind kind = part_kind::text;
  std::string text{};              ///< text, what a tool brought, the image or its address
  std::string media_type{};        ///< of an image, such as `image/png`
  std::string id{};                ///< of a call, and of the call that a tool answered
  std::string name{};              ///< of the tool; of a result empty where no call has its id
  boost::json::object arguments{}; ///< of a call
};

struct chat_turn {
  bool of_model = false;
  std::vector<chat_part> parts; ///< one at least
};

struct chat_turns {
  std::vector<std::string> instructions; ///< of all system and developer messages
  std::vector<chat_turn> turns;          ///< of user and tools, and of the model, in turns
};

enum class linked_images : std::uint8_t { refused, taken };

/// An error names the message with what has no form there (kind `invalid_request`).
std::variant<chat_turns, generation_error> read_turns(std::span<const chat_message> messages,
                                                      linked_images links);

} // namespace guardrails::llm
