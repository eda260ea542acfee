// Reads messages and their extra members.
#include "llm/chat_turns.hpp"

#include "llm/json_reader.hpp"
#include "llm/message_extra.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <string_view>
#include <utility>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

/// What is wrong, behind the member that it is wrong with.
using mistake = std::optional<std::string>;

bool is_text(const chat_part& part) noexcept {
  return part.kind == part_kind::text;
}

class turn_reader {
public:
  explicit turn_reader(linked_images links)
    : links_{links} {}

  mistake take(const chat_message& message) {
    bounded_parser parser;
    const auto* extra = message.extra.empty() ? nullptr : parser.parse(message.extra);
    if (message.role == "system" || message.role == "developer")
      return take_instruction(message, extra);
    if (message.role == "tool")
      return take_result(message, extra);
    const bool of_model = message.role == "assistant";
    auto parts = read_content(message, extra);
    if (problem_)
      return problem_;
    if (const auto refusal = string_of(member(extra, "refusal"));
        of_model && parts.empty() && !refusal.empty())
      parts.push_back({.kind = part_kind::text, .text = std::string{refusal}});
    add(of_model, std::move(parts));
    return of_model ? take_calls(extra) : std::nullopt;
  }

  chat_turns take_all() { return std::move(read_); }

private:
  mistake take_instruction(const chat_message& message, const json::value* extra) {
    for (auto& part : read_content(message, extra)) {
      if (!is_text(part))
        return "content: instructions are text here";
      read_.instructions.push_back(std::move(part.text));
    }
    return problem_;
  }

  mistake take_result(const chat_message& message, const json::value* extra) {
    chat_part result{.kind = part_kind::tool_result, .text = message.content};
    result.id = string_of(member(extra, "tool_call_id"));
    if (result.id.empty())
      return "tool_call_id: is missing";
    result.name = name_of_call(result.id);
    const auto content = read_content(message, extra);
    if (problem_ || !std::ranges::all_of(content, is_text))
      return "content: what a tool brought is text here";
    std::vector<chat_part> parts;
    parts.push_back(std::move(result));
    add(false, std::move(parts));
    return std::nullopt;
  }

  mistake take_calls(const json::value* extra) {
    for (const auto* name : {"function_call", "audio"})
      if (const auto* said = member(extra, name); said && !said->is_null())
        return std::string{name} + ": has no form here";
    std::vector<chat_part> parts;
    const auto* calls = member(extra, "tool_calls");
    if (const auto* list = calls ? calls->if_array() : nullptr)
      for (const auto& call : *list)
        if (!read_call(call, parts))
          return "tool_calls: expected functions with arguments that are JSON objects";
    add(true, std::move(parts));
    return std::nullopt;
  }

  static bool read_call(const json::value& call, std::vector<chat_part>& to) {
    const auto* function = member(&call, "function");
    chat_part part{.kind = part_kind::tool_call};
    part.id = string_of(member(&call, "id"));
    part.name = string_of(member(function, "name"));
    const auto said = string_of(member(function, "arguments"));
    bounded_parser parser;
    const auto* arguments = said.empty() ? nullptr : parser.parse(said);
    if (part.name.empty() || (!said.empty() && (!arguments || !arguments->is_object())))
      return false;
    if (arguments)
      part.arguments = json::object(arguments->get_object(), json::storage_ptr{});
    to.push_back(std::move(part));
    return true;
  }

  std::vector<chat_part> read_content(const chat_message& message, const json::value* extra) {
    std::vector<chat_part> parts;
    const auto* content = member(extra, "content");
    const auto* list = content ? content->if_array() : nullptr;
    if (list) {
      for (const auto& part : *list)
        if (!problem_)
          problem_ = read_part(part, parts);
    } else if (!message.content.empty()) {
      parts.push_back({.kind = part_kind::text, .text = message.content});
    }
    return parts;
  }

  mistake read_part(const json::value& part, std::vector<chat_part>& to) const {
    if (const auto* text = text_of_part(part)) {
      if (!text->empty())
        to.push_back({.kind = part_kind::text, .text = std::string{view(*text)}});
      return std::nullopt;
    }
    const auto* image = member(&part, "image_url");
    const auto url = string_of(member(image, "url"));
    if (url.empty())
      return "content: a part that is neither text nor image has no form here";
    if (!url.starts_with("data:")) {
      if (links_ == linked_images::refused)
        return "content: an image by address has no form here; send its data";
      to.push_back({.kind = part_kind::linked_image, .text = std::string{url}});
      return std::nullopt;
    }
    constexpr std::string_view mark = ";base64,";
    const auto end = url.find(mark);
    if (end == url.npos)
      return "content: the data of an image is no Base64";
    to.push_back({.kind = part_kind::image,
                  .text = std::string{url.substr(end + mark.size())},
                  .media_type = std::string{url.substr(5, end - 5)}});
    return std::nullopt;
  }

  /// Of the last call so named: ids need not differ across turns.
  std::string name_of_call(std::string_view id) const {
    for (const auto& turn : read_.turns | std::views::reverse)
      for (const auto& part : turn.parts)
        if (part.kind == part_kind::tool_call && part.id == id)
          return part.name;
    return {};
  }

  void add(bool of_model, std::vector<chat_part> parts) {
    if (parts.empty())
      return;
    if (read_.turns.empty() || read_.turns.back().of_model != of_model)
      read_.turns.push_back({of_model, {}});
    auto& to = read_.turns.back().parts;
    to.insert(to.end(), std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
  }

  linked_images links_;
  chat_turns read_;
  mistake problem_;
};

} // namespace

std::variant<chat_turns, generation_error> read_turns(std::span<const chat_message> messages,
                                                      linked_images links) {
  turn_reader reader{links};
  for (std::size_t i = 0; i < messages.size(); ++i)
    if (auto problem = reader.take(messages[i]))
      return generation_error{"invalid_request", "messages[" + std::to_string(i) + "]." + *problem, 0};
  return reader.take_all();
}

} // namespace guardrails::llm
