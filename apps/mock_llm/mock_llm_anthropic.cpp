// The mock upstream as Anthropic's messages.
#include "apps/mock_llm/mock_llm_api.hpp"

#include "llm/chat_codec.hpp"
#include "llm/json_reader.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace guardrails::mock_llm {

namespace json = boost::json;
using llm::member;
using llm::string_of;

namespace {

// -- requests

constexpr std::array<std::string_view, 16> known_members{
  "model",    "max_tokens",     "messages",  "system",     "temperature", "top_p",
  "top_k",    "stop_sequences", "stream",    "tools",      "thinking",    "tool_choice",
  "metadata", "service_tier",   "container", "mcp_servers"};

/// Walks through the messages as strictly as the provider does.
class conversation_reader {
public:
  explicit conversation_reader(chat_request& to)
    : to_{to} {}

  /// What is wrong; empty: nothing.
  std::string read(const json::value* messages) {
    const auto* list = messages ? messages->if_array() : nullptr;
    if (!list || list->empty())
      return "messages: at least one message is required";
    for (const auto& message : *list)
      if (auto problem = read_message(message); !problem.empty())
        return problem;
    return called_.empty() ? std::string{}
                           : "messages: `tool_use` ids were found without `tool_result` blocks after";
  }

  bool ends_with_result() const noexcept { return brought_; }

private:
  std::string read_message(const json::value& message) {
    const auto role = string_of(member(&message, "role"));
    if (role != "user" && role != "assistant")
      return "messages: Unexpected role. The allowed roles are \"user\" or \"assistant\".";
    if (to_.prompt_tokens == 0 && role != "user")
      return "messages: first message must use the \"user\" role";
    to_.prompt_tokens += 4;
    const auto before = std::exchange(called_, {});
    answered_.clear();
    brought_ = false;
    text_.clear();
    const auto* content = member(&message, "content");
    if (const auto* blocks = content ? content->if_array() : nullptr) {
      for (const auto& block : *blocks)
        if (auto problem = read_block(block); !problem.empty())
          return problem;
    } else {
      text_ = string_of(content);
    }
    if (answered_ != before)
      return "messages: `tool_use` and `tool_result` blocks do not match";
    to_.prompt_tokens += llm::estimate_tokens(text_);
    if (role == "user" && !text_.empty())
      to_.last_user = text_;
    return {};
  }

  std::string read_block(const json::value& block) {
    const auto type = string_of(member(&block, "type"));
    if (type == "text") {
      const auto text = string_of(member(&block, "text"));
      if (text.empty())
        return "messages: text content blocks must be non-empty";
      text_ += text;
      brought_ = false;
    } else if (type == "tool_use") {
      const auto* input = member(&block, "input");
      if (!input || !input->is_object())
        return "messages: tool_use.input: Input should be a valid dictionary";
      called_.emplace(string_of(member(&block, "id")));
    } else if (type == "tool_result") {
      answered_.emplace(string_of(member(&block, "tool_use_id")));
      brought_ = true;
    } else if (type != "image") {
      return "messages: Input tag '" + std::string{type} + "' is not known";
    }
    return {};
  }

  chat_request& to_;
  std::set<std::string> called_;   // by the message before
  std::set<std::string> answered_; // by this one
  std::string text_;
  bool brought_ = false; // this one ends with what a tool brought
};

std::string tool_of(const json::object& body) {
  std::vector<std::string> tools;
  if (const auto* list = body.if_contains("tools"); list && list->is_array())
    for (const auto& tool : list->get_array())
      tools.emplace_back(string_of(member(&tool, "name")));
  const auto* choice = body.if_contains("tool_choice");
  if (string_of(member(choice, "type")) == "none")
    return {};
  return chosen_tool(tools, string_of(member(choice, "name")));
}

chat_reading read_body(const json::object& body) {
  if (const auto unknown = find_unknown(body, known_members); !unknown.empty())
    return refusal{400, std::string{unknown} + ": Extra inputs are not permitted"};
  chat_request chat;
  chat.most_tokens = count_of(body.if_contains("max_tokens"));
  if (chat.most_tokens == 0)
    return refusal{400, "max_tokens: Field required"};
  const auto* heat = body.if_contains("temperature");
  if (heat && (!heat->is_number() || heat->to_number<double>() > 1))
    return refusal{400, "temperature: range: 0..1"};
  chat.model = string_of(body.if_contains("model"));
  chat.stop = texts_of(body.if_contains("stop_sequences"));
  const auto* stream = body.if_contains("stream");
  chat.stream = stream && *stream == true;
  conversation_reader reader{chat};
  if (auto problem = reader.read(body.if_contains("messages")); !problem.empty())
    return refusal{400, std::move(problem)};
  if (!reader.ends_with_result())
    chat.tool = tool_of(body);
  return chat;
}

chat_reading read(const options& how, const posted& request) {
  if (request.target != "/v1/messages")
    return {};
  const auto key = request.header("x-api-key");
  if (key.empty())
    return refusal{401, "x-api-key header is required"};
  if (!how.api_key.empty() && key != how.api_key)
    return refusal{401, "invalid x-api-key"};
  if (request.header("anthropic-version").empty())
    return refusal{400, "anthropic-version: header is required"};
  llm::bounded_parser parser;
  const auto* body = parser.parse(request.body);
  if (!body || !body->is_object())
    return refusal{400, "The request body is not valid JSON"};
  return read_body(body->get_object());
}

// -- answers

std::string_view reason_of(const said_text& said, const chat_request& request) {
  if (!request.tool.empty())
    return "tool_use";
  return said.reason == "length" ? "max_tokens" : "end_turn";
}

json::object call_block(const chat_request& request, std::uint64_t number, json::value input) {
  return {{"type", "tool_use"},
          {"id", "toolu_mock_" + std::to_string(number)},
          {"name", request.tool},
          {"input", std::move(input)}};
}

json::object usage_of(const chat_request& request, std::string_view said) {
  return {{"input_tokens", request.prompt_tokens}, {"output_tokens", llm::estimate_tokens(said)}};
}

json::object envelope(const chat_request& request, std::uint64_t number) {
  return {{"id", "msg_mock_" + std::to_string(number)},
          {"type", "message"},
          {"role", "assistant"},
          {"model", request.model}};
}

answer_body whole(const chat_request& request, std::string_view text, const plan& what, std::uint64_t number,
                  std::int64_t, std::string_view) {
  const auto said = cut_text(request, text);
  auto answer = envelope(request, number);
  json::array content;
  if (what.fault == fault::filtered) {
    answer["stop_reason"] = "refusal";
  } else {
    if (request.tool.empty())
      content.emplace_back(json::object{{"type", "text"}, {"text", said.text}});
    else
      content.emplace_back(call_block(request, number, json::parse(call_arguments(text))));
    answer["stop_reason"] = reason_of(said, request);
  }
  if (what.fault != fault::no_choices)
    answer["content"] = std::move(content);
  answer["stop_sequence"] = nullptr;
  answer["usage"] = usage_of(request, said.text);
  answer_body body;
  body.head = json::serialize(answer);
  return body;
}

std::string error(std::uint32_t status, std::string_view message);

void add(std::vector<std::string>& events, std::string_view type, json::object data) {
  data["type"] = type;
  events.push_back(sse_event(type, data));
}

void add_block(std::vector<std::string>& events, json::object block,
               const std::vector<json::object>& deltas) {
  add(events, "content_block_start", {{"index", 0}, {"content_block", std::move(block)}});
  add(events, "ping", {});
  for (const auto& delta : deltas)
    add(events, "content_block_delta", {{"index", 0}, {"delta", delta}});
  add(events, "content_block_stop", {{"index", 0}});
}

void add_content(std::vector<std::string>& events, const chat_request& request, std::string_view text,
                 const said_text& said, std::uint64_t number) {
  std::vector<json::object> deltas;
  if (!request.tool.empty()) {
    for (const auto& piece : pieces_of(call_arguments(text)))
      deltas.push_back({{"type", "input_json_delta"}, {"partial_json", piece}});
    add_block(events, call_block(request, number, json::object{}), deltas);
    return;
  }
  for (const auto& piece : pieces_of(said.text))
    deltas.push_back({{"type", "text_delta"}, {"text", piece}});
  add_block(events, {{"type", "text"}, {"text", ""}}, deltas);
}

std::vector<std::string> events(const chat_request& request, std::string_view text, std::uint64_t number,
                                std::int64_t, const plan& what) {
  const auto said = cut_text(request, text);
  auto opening = envelope(request, number);
  opening["content"] = json::array{};
  opening["stop_reason"] = nullptr;
  opening["usage"] = json::object{{"input_tokens", request.prompt_tokens}, {"output_tokens", 1}};
  std::vector<std::string> all;
  add(all, "message_start", {{"message", std::move(opening)}});
  if (what.fault != fault::filtered)
    add_content(all, request, text, said, number);
  if (what.fault == fault::broken_off) {
    all.resize(all.size() - 1);
    all.push_back("event: error\ndata: " + error(529, "Overloaded") + "\n\n");
    return all;
  }
  const auto reason = what.fault == fault::filtered ? "refusal" : reason_of(said, request);
  add(all, "message_delta",
      {{"delta", json::object{{"stop_reason", reason}, {"stop_sequence", nullptr}}},
       {"usage", json::object{{"output_tokens", llm::estimate_tokens(said.text)}}}});
  add(all, "message_stop", {});
  return all;
}

// -- errors

std::string error(std::uint32_t status, std::string_view message) {
  constexpr std::array<named_status, 8> types{{{400, "invalid_request_error"},
                                               {401, "authentication_error"},
                                               {403, "permission_error"},
                                               {404, "not_found_error"},
                                               {413, "request_too_large"},
                                               {429, "rate_limit_error"},
                                               {504, "timeout_error"},
                                               {529, "overloaded_error"}}};
  const auto known = std::ranges::find(types, status, &named_status::status);
  std::string_view type = status < 500 ? "invalid_request_error" : "api_error";
  if (known != types.end())
    type = known->name;
  return json::serialize(
    json::object{{"type", "error"}, {"error", json::object{{"type", type}, {"message", message}}}});
}

} // namespace

const chat_api anthropic_api{&read, &whole, &events, "text/event-stream", &error};

} // namespace guardrails::mock_llm
