// Reads chat requests without exceptions and with bounded depth.
#include "apps/gateway/chat_call.hpp"

#include "apps/gateway/member_names.hpp"

#include "llm/json_reader.hpp"
#include "llm/message_extra.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;
using llm::member;
using llm::string_of;

/// What hands the model text that nobody has judged, and what it answers with that nobody can judge.
constexpr std::array<std::string_view, 9> not_carried{"functions",     "function_call", "audio",
                                                      "prompt",        "input",         "documents",
                                                      "chat_template", "prompt_embeds", "prompt_token_ids"};

/// What is ours to say, and what answers have no place for: logprobs spell out what masks hide.
constexpr std::array<std::string_view, 5> not_passed_on{"model", "stream", "stream_options", "logprobs",
                                                        "top_logprobs"};

/// What chats do not know, or answers to prompts have no place for.
constexpr std::array<std::string_view, 4> not_for_prompts{"echo", "suffix", "best_of", "tools"};

/// Those, and what else is read here or decides what an answer may cost.
constexpr std::array<std::string_view, 26> known_members{"messages",
                                                         "functions",
                                                         "function_call",
                                                         "audio",
                                                         "prompt",
                                                         "input",
                                                         "documents",
                                                         "chat_template",
                                                         "prompt_embeds",
                                                         "prompt_token_ids",
                                                         "model",
                                                         "stream",
                                                         "stream_options",
                                                         "logprobs",
                                                         "top_logprobs",
                                                         "echo",
                                                         "suffix",
                                                         "best_of",
                                                         "tools",
                                                         "tool_choice",
                                                         "n",
                                                         "max_tokens",
                                                         "max_completion_tokens",
                                                         "stop",
                                                         "temperature",
                                                         "top_p"};

/// What is judged, refused or decides how a message is read, in the message and all within it.
constexpr std::array<std::string_view, 11> known_in_messages{
  "role",       "content",  "type",   "text",      "refusal", "function_call",
  "tool_calls", "function", "custom", "arguments", "input"};

template <std::size_t Count>
bool is_one_of(const std::array<std::string_view, Count>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_empty(const json::value& value) {
  return value.is_null() || (value.is_array() && value.get_array().empty());
}

bool says(const json::value& from, std::string_view name) {
  const auto* found = member(&from, name);
  return found && !found->is_null();
}

bool asks_for_nothing(const json::value& value) {
  return is_empty(value) || string_of(&value) == "none";
}

api_error unsupported(std::string field, std::string_view why) {
  std::string message{"'"};
  message.append(field).append("' ").append(why);
  return bad_request(std::move(message), std::move(field), "unsupported_parameter");
}

api_error disguised(std::string field) {
  return unsupported(std::move(field), "differs in its letters' case from a name that has a meaning.");
}

std::optional<api_error> find_count_problem(const json::value& count) {
  if (count.is_int64() && count.get_int64() >= 1 && count.get_int64() <= most_choices)
    return std::nullopt;
  return bad_request("Expected 1 to " + std::to_string(most_choices) + ".", "n");
}

std::string place(std::size_t message, std::string_view member_name) {
  std::string where{"messages["};
  return where.append(std::to_string(message)).append("].").append(member_name);
}

std::optional<api_error> find_part_problem(const json::array& parts, std::size_t index) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto type = string_of(member(&parts[i], "type"));
    const bool has_two_texts = says(parts[i], "text") && says(parts[i], "refusal");
    if (type.empty() || has_two_texts || (type == "text" && !llm::text_of_part(parts[i]))) {
      auto where = place(index, "content[");
      where.append(std::to_string(i)).append("]");
      return bad_request("Expected a part with its type, and a text where that is its type.",
                         std::move(where), "unsupported_content");
    }
  }
  return std::nullopt;
}

bool are_all_texts(const json::array& parts) {
  return std::ranges::all_of(parts,
                             [](const auto& part) { return string_of(member(&part, "type")) == "text"; });
}

/// Of a part's two texts that one which is null is none.
json::value without_null_texts(const json::value& content) {
  auto result = content;
  if (auto* parts = result.if_array())
    for (auto& part : *parts)
      for (const auto* name : {"text", "refusal"})
        if (member(&part, name) && !says(part, name))
          part.get_object().erase(name);
  return result;
}

/// Reads the content; `keeps` says whether it is also an extra member, for what in it is no text.
std::optional<api_error> read_content(const json::value* content, std::size_t index, chat_message& to,
                                      bool& keeps) {
  if (!content || content->is_null()) {
    keeps = content != nullptr;
    if (to.role == "assistant")
      return std::nullopt;
    return bad_request("Expected content.", place(index, "content"));
  }
  if (content->is_string()) {
    to.content = string_of(content);
    return std::nullopt;
  }
  const auto* parts = content->if_array();
  if (!parts)
    return bad_request("Expected a string or a list of parts.", place(index, "content"));
  to.content = llm::join_parts(*parts);
  keeps = !are_all_texts(*parts);
  return find_part_problem(*parts, index);
}

std::optional<api_error> read_message(const json::value& from, std::size_t index, chat_message& to) {
  if (const auto below = find_disguised_within(from, known_in_messages))
    return disguised(place(index, std::string_view{*below}.substr(1)));
  const auto* role = member(&from, "role");
  if (!role || !role->is_string())
    return bad_request("Expected a role.", place(index, "role"));
  to.role = string_of(role);
  if (const auto* call = member(&from, "function_call"); call && !asks_for_nothing(*call))
    return unsupported(place(index, "function_call"), "is not supported; use tool_calls.");
  if (const auto* calls = member(&from, "tool_calls"); calls && !calls->is_null() && !calls->is_array())
    return bad_request("Expected a list.", place(index, "tool_calls"));
  bool keeps_content = false;
  if (auto problem = read_content(member(&from, "content"), index, to, keeps_content))
    return problem;
  json::object extra;
  for (const auto& [key, value] : from.get_object())
    if (key != "role" && key != "function_call" && (key != "content" || keeps_content))
      extra.emplace(key, key == "content" ? without_null_texts(value) : value);
  if (!extra.empty())
    to.extra = json::serialize(extra);
  return std::nullopt;
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

} // namespace

std::optional<api_error> read_call_options(const json::object& request, std::string_view taken,
                                           chat_call& to) {
  if (auto name = find_disguised(request, known_members))
    return disguised(std::move(*name));
  json::object options;
  for (const auto& [key, value] : request) {
    const std::string_view name{key.data(), key.size()};
    if (name == taken || is_empty(value) || is_one_of(not_passed_on, name))
      continue;
    if (is_one_of(not_carried, name) && !asks_for_nothing(value))
      return unsupported(std::string{name}, "is not supported.");
    if (name == "n")
      if (auto problem = find_count_problem(value))
        return problem;
    if (!is_one_of(not_carried, name))
      options.emplace(key, value);
  }
  if (!options.empty())
    to.options = json::serialize(options);
  const auto* model = request.if_contains("model");
  if (model && !model->is_null() && !model->is_string())
    return bad_request("Expected the name of a model.", "model");
  to.model = string_of(model);
  if (auto problem = read_flag(request.if_contains("stream"), "stream", to.stream))
    return problem;
  const auto* how = request.if_contains("stream_options");
  return read_flag(member(how, "include_usage"), "stream_options.include_usage", to.include_usage);
}

std::variant<chat_call, api_error> read_chat_call(std::string_view body) {
  llm::bounded_parser parser;
  const auto* value = parser.parse(body);
  if (!value || !value->is_object())
    return bad_request("The body is no JSON object, or is nested too deeply.", {}, "invalid_json");
  chat_call call;
  if (auto problem = read_call_options(value->get_object(), "messages", call))
    return std::move(*problem);
  if (auto problem = read_messages(member(value, "messages"), call.messages))
    return std::move(*problem);
  return call;
}

std::variant<chat_call, api_error> read_prompt_call(std::string_view body) {
  llm::bounded_parser parser;
  const auto* value = parser.parse(body);
  if (!value || !value->is_object())
    return bad_request("The body is no JSON object, or is nested too deeply.", {}, "invalid_json");
  const auto* prompt = member(value, "prompt");
  if (const auto* list = prompt ? prompt->if_array() : nullptr; list && list->size() == 1)
    prompt = &list->front();
  if (!prompt || !prompt->is_string())
    return bad_request("Expected one text.", "prompt");
  json::object options = value->get_object();
  for (const auto name : not_for_prompts) {
    const auto* wanted = options.if_contains({name.data(), name.size()});
    if (wanted && !is_empty(*wanted) && *wanted != false && *wanted != 1)
      return unsupported(std::string{name}, "is not supported.");
    options.erase({name.data(), name.size()});
  }
  chat_call call;
  call.is_prompt = true;
  call.messages.push_back({"user", std::string{string_of(prompt)}});
  if (auto problem = read_call_options(options, "prompt", call))
    return std::move(*problem);
  return call;
}

} // namespace guardrails::gateway
