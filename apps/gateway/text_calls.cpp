// Reads the small request bodies.
#include "apps/gateway/text_calls.hpp"

#include "llm/json_reader.hpp"

#include <optional>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;
using llm::member;
using llm::string_of;

api_error not_an_object() {
  return bad_request("The body is no JSON object, or is nested too deeply.", {}, "invalid_json");
}

std::variant<std::string, api_error> required_text(std::string_view body, const char* name) {
  llm::bounded_parser parser;
  const auto* value = parser.parse(body);
  if (!value || !value->is_object())
    return not_an_object();
  const auto* text = member(value, name);
  if (!text || !text->is_string())
    return bad_request("Expected a string.", name);
  return std::string{string_of(text)};
}

std::optional<text_direction> direction_of(std::string_view name) {
  if (name == "input")
    return text_direction::input;
  if (name == "output")
    return text_direction::output;
  if (name == "text")
    return text_direction::text;
  return std::nullopt;
}

const json::value* text_of(const json::value& item) {
  if (item.is_string())
    return &item;
  const auto* text = string_of(member(&item, "type")) == "text" ? member(&item, "text") : nullptr;
  return text && text->is_string() ? text : nullptr;
}

} // namespace

std::variant<check_call, api_error> read_check_call(std::string_view body) {
  llm::bounded_parser parser;
  const auto* value = parser.parse(body);
  if (!value || !value->is_object())
    return not_an_object();
  const auto* text = member(value, "text");
  if (!text || !text->is_string())
    return bad_request("Expected a string.", "text");
  check_call call{std::string{string_of(text)}, text_direction::text};
  if (const auto* direction = member(value, "direction"); direction && !direction->is_null()) {
    const auto found = direction_of(string_of(direction));
    if (!found)
      return bad_request("Expected input, output or text.", "direction");
    call.direction = *found;
  }
  return call;
}

std::variant<std::string, api_error> read_simple_chat(std::string_view body) {
  return required_text(body, "message");
}

std::variant<std::vector<std::string>, api_error> read_moderation_call(std::string_view body) {
  llm::bounded_parser parser;
  const auto* value = parser.parse(body);
  if (!value || !value->is_object())
    return not_an_object();
  const auto* input = member(value, "input");
  if (input && input->is_string())
    return std::vector<std::string>{std::string{string_of(input)}};
  const auto* list = input ? input->if_array() : nullptr;
  if (!list || list->empty() || list->size() > most_moderated)
    return bad_request("Expected a text, or 1 to 256 of them.", "input");
  std::vector<std::string> texts;
  texts.reserve(list->size());
  for (const auto& item : *list) {
    const auto* text = text_of(item);
    if (!text)
      return bad_request("Only texts can be moderated.", "input", "unsupported_content");
    texts.emplace_back(string_of(text));
  }
  return texts;
}

} // namespace guardrails::gateway
