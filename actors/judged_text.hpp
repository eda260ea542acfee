// Which messages of a conversation make up the text that is judged.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace guardrails::actors {

/// A user message and where it stands in the judged text.
struct judged_part {
  std::size_t message = 0;
  std::uint64_t offset = 0;
};

/// Empty when there is no user message.
std::vector<judged_part> find_judged(const std::vector<chat_message>& messages, input_scope scope);

/// The judged text: its parts, joined by a newline.
std::string join(const std::vector<chat_message>& messages, const std::vector<judged_part>& parts);

} // namespace guardrails::actors
