// Anthropic's messages (docs.anthropic.com, version 2023-06-01): requests, answers, streams.
#include "llm/answer_errors.hpp"
#include "llm/json_reader.hpp"
#include "llm/openai_tool_calls.hpp"
#include "llm/openai_usage.hpp"
#include "llm/provider_words.hpp"
#include "llm/providers/formats.hpp"
#include "llm/translated_chat.hpp"

#include <algorithm>
#include <array>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

// -- requests

constexpr std::int64_t default_max_tokens = 1024; // the interface wants one

json::object block_of(const chat_part& part) {
  switch (part.kind) {
  case part_kind::text:
    return {{"type", "text"}, {"text", part.text}};
  case part_kind::image:
    return {
      {"type", "image"},
      {"source", json::object{{"type", "base64"}, {"media_type", part.media_type}, {"data", part.text}}}};
  case part_kind::linked_image:
    return {{"type", "image"}, {"source", json::object{{"type", "url"}, {"url", part.text}}}};
  case part_kind::tool_call:
    return {{"type", "tool_use"}, {"id", part.id}, {"name", part.name}, {"input", part.arguments}};
  case part_kind::tool_result:
    return {{"type", "tool_result"}, {"tool_use_id", part.id}, {"content", part.text}};
  }
  return {};
}

json::array messages_of(const chat_turns& chat) {
  json::array messages;
  for (const auto& turn : chat.turns) {
    json::array content;
    for (const auto& part : turn.parts)
      content.emplace_back(block_of(part));
    messages.emplace_back(
      json::object{{"role", turn.of_model ? "assistant" : "user"}, {"content", std::move(content)}});
  }
  return messages;
}

json::array tools_of(const chat_options& options) {
  json::array tools;
  for (const auto& tool : options.tools) {
    json::object to{{"name", tool.name}};
    if (!tool.description.empty())
      to["description"] = tool.description;
    to["input_schema"] = tool.parameters.is_null() ? json::object{{"type", "object"}} : tool.parameters;
    tools.emplace_back(std::move(to));
  }
  return tools;
}

json::object choice_of(const chat_options& options) {
  json::object to;
  switch (options.choice.value_or(tool_choice::automatic)) {
  case tool_choice::automatic:
    to["type"] = "auto";
    break;
  case tool_choice::none:
    to["type"] = "none";
    return to;
  case tool_choice::required:
    to["type"] = "any";
    break;
  case tool_choice::named:
    to["type"] = "tool";
    to["name"] = options.chosen_tool;
  }
  if (options.one_call_at_most)
    to["disable_parallel_tool_use"] = true;
  return to;
}

std::string body_of(const chat_question& question, const chat_turns& chat, const chat_options& options) {
  json::object body{{"model", question.config.model},
                    {"max_tokens", options.max_tokens.value_or(default_max_tokens)},
                    {"messages", messages_of(chat)}};
  json::array instructions;
  for (const auto& text : chat.instructions)
    instructions.emplace_back(json::object{{"type", "text"}, {"text", text}});
  if (!instructions.empty())
    body["system"] = std::move(instructions);
  if (options.temperature)
    body["temperature"] = *options.temperature;
  if (options.top_p)
    body["top_p"] = *options.top_p;
  if (options.top_k)
    body["top_k"] = *options.top_k;
  if (!options.stop.empty())
    body["stop_sequences"] = json::array(options.stop.begin(), options.stop.end());
  if (!options.tools.empty()) {
    body["tools"] = tools_of(options);
    if (options.choice || options.one_call_at_most)
      body["tool_choice"] = choice_of(options);
  }
  if (question.form == answer_form::stream)
    body["stream"] = true;
  return json::serialize(body);
}

std::variant<http_call, generation_error> encode(const chat_question& question) {
  const auto& config = question.config;
  const auto read = translate(question, linked_images::taken, {.top_k = true, .one_call_at_most = true});
  if (const auto* problem = std::get_if<generation_error>(&read))
    return *problem;
  const auto& [chat, options] = std::get<translated_chat>(read);
  http_call call;
  call.url = config.base_url + "/messages";
  call.headers = {"Content-Type: application/json", "x-api-key: " + config.api_key.reveal(),
                  "anthropic-version: " + config.anthropic_version};
  call.body = body_of(question, chat, options);
  return call;
}

// -- answers

constexpr std::array<named_status, 10> statuses{{
  {"invalid_request_error", 400},
  {"authentication_error", 401},
  {"billing_error", 402},
  {"permission_error", 403},
  {"not_found_error", 404},
  {"request_too_large", 413},
  {"rate_limit_error", 429},
  {"api_error", 500},
  {"timeout_error", 504},
  {"overloaded_error", 529},
}};

/// What was read from a cache, or written into one, was prompt, too.
token_usage usage_in(const json::value* usage) {
  const auto prompt = count_of(member(usage, "input_tokens")) +
                      count_of(member(usage, "cache_creation_input_tokens")) +
                      count_of(member(usage, "cache_read_input_tokens"));
  return usage_of(prompt, count_of(member(usage, "output_tokens")));
}

std::variant<completion, generation_error> completion_of(const json::value& value, const quotation& quote,
                                                         std::uint32_t status) {
  if (const auto* error = member(&value, "error"); error && !error->is_null())
    return reported_error(quote, status_named(string_of(member(error, "type")), statuses),
                          string_of(member(error, "message")));
  const auto* content = member(&value, "content");
  if (!content || !content->is_array())
    return failed_answer("no_choices", status, "the provider's answer has no content list");
  completion answer;
  answer.model = model_name_of(string_of(member(&value, "model")));
  answer.finish_reason = openai_reason_of(string_of(member(&value, "stop_reason")));
  answer.usage = usage_in(member(&value, "usage"));
  bool said_something = false;
  for (const auto& block : content->get_array()) {
    const auto type = string_of(member(&block, "type"));
    if (type == "text") {
      answer.text += string_of(member(&block, "text"));
      said_something = true;
    } else if (type == "tool_use") {
      if (!add_call(answer.tool_calls, string_of(member(&block, "id")), string_of(member(&block, "name"))))
        return too_many_calls(status);
      const auto* input = member(&block, "input");
      answer.tool_calls.back().arguments = input ? json::serialize(*input) : "{}";
    }
  }
  if (!said_something && answer.tool_calls.empty())
    return without_content(answer, status);
  return answer;
}

// -- streams

class anthropic_stream : public answer_stream {
public:
  using answer_stream::answer_stream;

private:
  void take_value(const json::value& event, std::string& text) override {
    const auto type = string_of(member(&event, "type"));
    if (type == "content_block_delta")
      take_delta(event, text);
    else if (type == "content_block_start")
      start_block(event, text);
    else if (type == "content_block_stop")
      calls_.close();
    else if (type == "message_start")
      start(member(&event, "message"));
    else if (type == "message_delta")
      take_end(event);
    else if (type == "message_stop")
      end();
    else if (type == "error")
      take_error(member(&event, "error"));
    // Pings, and what later versions add, say nothing here.
  }

  void start(const json::value* message) {
    known().model = model_name_of(string_of(member(message, "model")));
    known().usage = usage_in(member(message, "usage"));
  }

  void start_block(const json::value& event, std::string& text) {
    const auto* block = member(&event, "content_block");
    const auto type = string_of(member(block, "type"));
    if (type == "text") {
      said_something();
      text += string_of(member(block, "text"));
    } else if (type == "tool_use" &&
               !calls_.open(string_of(member(block, "id")), string_of(member(block, "name")))) {
      fail("too_large", "the stream has too many calls of tools");
    }
  }

  void take_delta(const json::value& event, std::string& text) {
    const auto* delta = member(&event, "delta");
    const auto type = string_of(member(delta, "type"));
    if (type == "text_delta") {
      said_something();
      text += string_of(member(delta, "text"));
    } else if (type == "input_json_delta") {
      calls_.add(string_of(member(delta, "partial_json")));
    }
  }

  /// The counts here are those of the whole answer; older servers repeat only the answer's.
  void take_end(const json::value& event) {
    known().finish_reason = openai_reason_of(string_of(member(member(&event, "delta"), "stop_reason")));
    const auto usage = usage_in(member(&event, "usage"));
    const auto& before = known().usage;
    known().usage = usage_of(std::max(usage.prompt_tokens, before.prompt_tokens),
                             std::max(usage.completion_tokens, before.completion_tokens));
  }

  void take_error(const json::value* error) {
    fail_as(status_named(string_of(member(error, "type")), statuses), string_of(member(error, "message")));
  }

  blocks_of_calls calls_{known().tool_calls};
};

} // namespace

const provider anthropic{&encode, &decode_by<&completion_of>, &open_as<anthropic_stream>};

} // namespace guardrails::llm
