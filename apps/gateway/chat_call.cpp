// Reads chat requests without exceptions and with bounded depth.
#include "apps/gateway/chat_call.hpp"

#include "llm/json_reader.hpp"

#include <array>
#include <optional>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;
using llm::member;
using llm::string_of;

/// What would change the answer and cannot be carried; empty lists and null ask for nothing.
constexpr std::array<std::string_view, 5> not_carried{"tools", "functions", "audio", "web_search_options",
                                                      "function_call"};

bool asks_for_nothing(const json::value& value) {
  return value.is_null() || (value.is_array() && value.get_array().empty()) ||
         (value.is_string() && string_of(&value) == "none");
}

api_error unsupported(std::string field, std::string_view why) {
  std::string message{"'"};
  message.append(field).append("' ").append(why);
  return bad_request(std::move(message), std::move(field), "unsupported_parameter");
}

std::optional<api_error> refused_field(const json::object& request) {
  for (const auto field : not_carried)
    if (const auto* value = request.if_contains({field.data(), field.size()});
        value && !asks_for_nothing(*value))
      return unsupported(std::string{field}, "is not supported.");
  const auto* count = request.if_contains("n");
  if (count && !count->is_null() && *count != 1)
    return unsupported("n", "must be 1: every answer is judged, and one is given.");
  return std::nullopt;
}

std::string place(std::size_t message, std::string_view member_name) {
  std::string where{"messages["};
  return where.append(std::to_string(message)).append("].").append(member_name);
}

/// Joins the text parts; or says which part is none.
std::optional<api_error> append_parts(std::string& text, const json::array& parts, std::size_t index) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto* piece = member(&parts[i], "text");
    if (string_of(member(&parts[i], "type")) != "text" || !piece || !piece->is_string()) {
      auto where = place(index, "content[");
      where.append(std::to_string(i)).append("]");
      return bad_request("Only content parts of type 'text' are supported.", std::move(where),
                         "unsupported_content");
    }
    if (i > 0)
      text += '\n';
    text += string_of(piece);
  }
  return std::nullopt;
}

std::optional<api_error> read_message(const json::value& from, std::size_t index, chat_message& to) {
  const auto* role = member(&from, "role");
  if (!role || !role->is_string())
    return bad_request("Expected a role.", place(index, "role"));
  to.role = string_of(role);
  for (const auto* field : {"tool_calls", "function_call"})
    if (const auto* calls = member(&from, field); calls && !asks_for_nothing(*calls))
      return unsupported(place(index, field), "is not supported.");
  const auto* content = member(&from, "content");
  if (!content || content->is_null())
    return bad_request("Expected content.", place(index, "content"));
  if (content->is_string()) {
    to.content = string_of(content);
    return std::nullopt;
  }
  if (const auto* parts = content->if_array())
    return append_parts(to.content, *parts, index);
  return bad_request("Expected a string or a list of parts.", place(index, "content"));
}

std::optional<api_error> read_flag(const json::value* from, std::string name, bool& to) {
  if (!from || from->is_null())
    return std::nullopt;
  if (!from->is_bool())
    return bad_request("Expected true or false.", std::move(name));
  to = from->get_bool();
  return std::nullopt;
}

std::optional<api_error> read_messages(const json::value* from, std::vector<chat_message>& to) {
  const auto* list = from ? from->if_array() : nullptr;
  if (!list || list->empty())
    return bad_request("Expected a list of messages.", "messages");
  to.resize(list->size());
  for (std::size_t i = 0; i < list->size(); ++i)
    if (auto problem = read_message((*list)[i], i, to[i]))
      return problem;
  return std::nullopt;
}

std::optional<api_error> read_members(const json::value& from, chat_call& to) {
  if (auto problem = refused_field(from.get_object()))
    return problem;
  const auto* model = member(&from, "model");
  if (model && !model->is_null() && !model->is_string())
    return bad_request("Expected the name of a model.", "model");
  to.model = string_of(model);
  if (auto problem = read_flag(member(&from, "stream"), "stream", to.stream))
    return problem;
  const auto* options = member(&from, "stream_options");
  if (auto problem =
        read_flag(member(options, "include_usage"), "stream_options.include_usage", to.include_usage))
    return problem;
  return read_messages(member(&from, "messages"), to.messages);
}

} // namespace

std::variant<chat_call, api_error> read_chat_call(std::string_view body) {
  llm::bounded_parser parser;
  const auto* value = parser.parse(body);
  if (!value || !value->is_object())
    return bad_request("The body is no JSON object, or is nested too deeply.", {}, "invalid_json");
  chat_call call;
  if (auto problem = read_members(*value, call))
    return std::move(*problem);
  return call;
}

} // namespace guardrails::gateway
