// Messages first, then options; the first mistake is told.
#include "llm/translated_chat.hpp"

#include <utility>

namespace guardrails::llm {

std::variant<translated_chat, generation_error> translate(const chat_question& question, linked_images links,
                                                          const option_forms& forms) {
  auto turns = read_turns(question.messages, links);
  if (auto* problem = std::get_if<generation_error>(&turns))
    return std::move(*problem);
  auto options = read_options(question.config, question.options, forms);
  if (auto* problem = std::get_if<generation_error>(&options))
    return std::move(*problem);
  return translated_chat{std::move(std::get<chat_turns>(turns)), std::move(std::get<chat_options>(options))};
}

} // namespace guardrails::llm
