// Finds and joins the user's messages.
#include "actors/judged_text.hpp"

namespace guardrails::actors {

std::vector<judged_part> find_judged(const std::vector<chat_message>& messages, input_scope scope) {
  std::vector<judged_part> parts;
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].role != "user")
      continue;
    if (scope == input_scope::last_user) {
      parts.assign(1, {i, 0});
      continue;
    }
    parts.push_back({i, offset});
    offset += messages[i].content.size() + 1; // the newline that joins them
  }
  return parts;
}

std::string join(const std::vector<chat_message>& messages, const std::vector<judged_part>& parts) {
  std::string text;
  for (const auto& part : parts) {
    if (part.offset != 0)
      text += '\n';
    text += messages[part.message].content;
  }
  return text;
}

} // namespace guardrails::actors
