// Reads and writes extra members as Boost.JSON has them.
#include "llm/message_extra.hpp"

#include "llm/json_reader.hpp"
#include "llm/json_text.hpp"

#include <utility>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

json::value* member_of(json::value& value, std::string_view key) {
  auto* object = value.if_object();
  return object ? object->if_contains({key.data(), key.size()}) : nullptr;
}

json::string* string_in(json::value* value) {
  return value ? value->if_string() : nullptr;
}

json::string* text_in(json::value& part) {
  for (const auto* name : {"text", "refusal"})
    if (auto* text = string_in(member_of(part, name)))
      return text;
  return nullptr;
}

/// What a call of a tool hands over; null: nothing that is a text.
json::string* said_in(json::value& call) {
  for (const auto& [kind, name] : {std::pair{"function", "arguments"}, std::pair{"custom", "input"}})
    if (auto* tool = member_of(call, kind))
      if (auto* said = string_in(member_of(*tool, name)))
        return said;
  return nullptr;
}

void rewrite_parts(json::array& parts, const extra_rewriting& how) {
  std::size_t offset = 0;
  for (auto& part : parts)
    if (auto* text = text_in(part)) {
      const auto size = text->size();
      *text = how.part(view(*text), offset);
      offset += size + 1; // the newline that joins them
    }
}

std::optional<std::string> find_content_problem(const json::value& content, const std::string& text) {
  const auto* parts = content.if_array();
  if (!parts && !content.is_null())
    return "content: expected a list of parts";
  if (parts)
    for (const auto& part : *parts) {
      if (!part.is_object())
        return "content: expected a list of objects";
      if (member(&part, "text") && member(&part, "refusal"))
        return "content: a part has one text";
    }
  if ((parts ? join_parts(*parts) : std::string{}) != text)
    return "content: says something else than the message's content";
  return std::nullopt;
}

} // namespace

const json::string* text_of_part(const json::value& part) {
  for (const auto* name : {"text", "refusal"})
    if (const auto* text = member(&part, name); text && text->is_string())
      return &text->get_string();
  return nullptr;
}

std::string join_parts(const json::array& parts) {
  std::string joined;
  bool first = true;
  for (const auto& part : parts)
    if (const auto* text = text_of_part(part)) {
      if (!std::exchange(first, false))
        joined += '\n';
      joined += view(*text);
    }
  return joined;
}

std::optional<std::string> find_extra_problem(const chat_message& message) {
  if (message.extra.empty())
    return std::nullopt;
  bounded_parser parser;
  const auto* extra = parser.parse(message.extra);
  if (!extra || !extra->is_object())
    return "expected a JSON object that is not nested too deeply";
  if (member(extra, "role"))
    return "a message has one role";
  if (const auto* content = member(extra, "content"))
    if (auto problem = find_content_problem(*content, message.content))
      return problem;
  const auto* calls = member(extra, "tool_calls");
  if (calls && !calls->is_null() && !calls->is_array())
    return "tool_calls: expected a list";
  return std::nullopt;
}

std::string rewrite_extra(std::string_view extra, const extra_rewriting& how) {
  bounded_parser parser;
  const auto* read = parser.parse(extra);
  if (!read)
    return std::string{extra};
  json::value value(*read, json::storage_ptr{});
  if (auto* content = member_of(value, "content"); content && content->is_array())
    rewrite_parts(content->get_array(), how);
  if (auto* calls = member_of(value, "tool_calls"); calls && calls->is_array())
    for (auto& call : calls->get_array())
      if (auto* said = said_in(call))
        *said = how.said(view(*said));
  if (auto* refusal = string_in(member_of(value, "refusal")))
    *refusal = how.said(view(*refusal));
  return json::serialize(value);
}

void append_message(std::string& out, const chat_message& message) {
  out += R"({"role":)";
  append_json_string(out, message.role);
  out += R"(,"content":)";
  bounded_parser parser;
  const auto* extra = message.extra.empty() ? nullptr : parser.parse(message.extra);
  if (const auto* content = member(extra, "content"))
    out += json::serialize(*content);
  else
    append_json_string(out, message.content);
  if (const auto* members = extra ? extra->if_object() : nullptr)
    for (const auto& [key, value] : *members)
      if (key != "role" && key != "content") {
        out += ',';
        append_json_string(out, {key.data(), key.size()});
        out.append(":").append(json::serialize(value));
      }
  out += '}';
}

} // namespace guardrails::llm
