// A question out of OpenAI's terms, ready to be put into another provider's.
#pragma once

#include "llm/chat_options.hpp"
#include "llm/chat_turns.hpp"
#include "llm/provider.hpp"

#include <variant>

namespace guardrails::llm {

struct translated_chat {
  chat_turns turns;
  chat_options options;
};

/// An error names the message or the option that has no form.
std::variant<translated_chat, generation_error> translate(const chat_question& question, linked_images links,
                                                          const option_forms& forms);

} // namespace guardrails::llm
