// What a message says beside its role and text (chat_message::extra): checked, masked, written.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::llm {

/// The text of a part of a content; null: it is an image, a sound, … Whatever its type says, a part with a
/// text is one that the model may read.
const boost::json::string* text_of_part(const boost::json::value& part);

/// The texts of a content's parts, joined by newlines.
std::string join_parts(const boost::json::array& parts);

/// What is wrong with the message's extra members, without quoting them; or nothing.
std::optional<std::string> find_extra_problem(const chat_message& message);

/// What becomes of the texts in extra members.
struct extra_rewriting {
  /// A text of the content, which stands at `offset` of the message's.
  std::function<std::string(std::string_view text, std::size_t offset)> part;
  /// What a tool was called with, JSON or any text; and a refusal.
  std::function<std::string(std::string_view said)> said;
};

/// `extra` with its texts rewritten.
std::string rewrite_extra(std::string_view extra, const extra_rewriting& how);

/// Appends the message as the JSON object that the model gets.
void append_message(std::string& out, const chat_message& message);

} // namespace guardrails::llm
