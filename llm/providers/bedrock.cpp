// Amazon Bedrock's Converse and ConverseStream (docs.aws.amazon.com/bedrock): requests, answers, streams.
#include "llm/answer_errors.hpp"
#include "llm/aws_event_stream.hpp"
#include "llm/json_reader.hpp"
#include "llm/openai_tool_calls.hpp"
#include "llm/openai_usage.hpp"
#include "llm/percent_encoding.hpp"
#include "llm/provider_words.hpp"
#include "llm/providers/formats.hpp"
#include "llm/sigv4.hpp"
#include "llm/translated_chat.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

// -- requests

/// `image/png` → `png`.
std::string_view format_of(std::string_view media_type) {
  return media_type.substr(std::min(media_type.find('/'), media_type.size() - 1) + 1);
}

json::object block_of(const chat_part& part) {
  switch (part.kind) {
  case part_kind::image:
    return {{"image", json::object{{"format", format_of(part.media_type)},
                                   {"source", json::object{{"bytes", part.text}}}}}};
  case part_kind::tool_call:
    return {
      {"toolUse", json::object{{"toolUseId", part.id}, {"name", part.name}, {"input", part.arguments}}}};
  case part_kind::tool_result:
    return {{"toolResult", json::object{{"toolUseId", part.id},
                                        {"content", json::array{json::object{{"text", part.text}}}}}}};
  case part_kind::text:
  case part_kind::linked_image: // read_turns() refuses them
    break;
  }
  return {{"text", part.text}};
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

json::object settings_of(const chat_options& options) {
  json::object to;
  if (options.max_tokens)
    to["maxTokens"] = *options.max_tokens;
  if (options.temperature)
    to["temperature"] = *options.temperature;
  if (options.top_p)
    to["topP"] = *options.top_p;
  if (!options.stop.empty())
    to["stopSequences"] = json::array(options.stop.begin(), options.stop.end());
  return to;
}

json::object tools_of(const chat_options& options) {
  json::array tools;
  for (const auto& tool : options.tools) {
    json::object spec{{"name", tool.name}};
    if (!tool.description.empty())
      spec["description"] = tool.description;
    const auto schema =
      tool.parameters.is_null() ? json::value(json::object{{"type", "object"}}) : tool.parameters;
    spec["inputSchema"] = json::object{{"json", schema}};
    tools.emplace_back(json::object{{"toolSpec", std::move(spec)}});
  }
  json::object to{{"tools", std::move(tools)}};
  if (options.choice == tool_choice::required)
    to["toolChoice"] = json::object{{"any", json::object{}}};
  if (options.choice == tool_choice::named)
    to["toolChoice"] = json::object{{"tool", json::object{{"name", options.chosen_tool}}}};
  return to;
}

std::string body_of(const chat_turns& chat, const chat_options& options) {
  json::object body{{"messages", messages_of(chat)}};
  json::array instructions;
  for (const auto& text : chat.instructions)
    instructions.emplace_back(json::object{{"text", text}});
  if (!instructions.empty())
    body["system"] = std::move(instructions);
  if (auto settings = settings_of(options); !settings.empty())
    body["inferenceConfig"] = std::move(settings);
  if (!options.tools.empty() && options.choice != tool_choice::none)
    body["toolConfig"] = tools_of(options);
  return json::serialize(body);
}

/// Not calling a tool can only be said by leaving the tools out, which a conversation with calls does not let
/// pass.
bool forbids_what_was_done(const chat_turns& chat, const chat_options& options) {
  const auto called = [](const chat_turn& turn) {
    return std::ranges::any_of(turn.parts,
                               [](const chat_part& part) { return part.kind == part_kind::tool_call; });
  };
  return options.choice == tool_choice::none && std::ranges::any_of(chat.turns, called);
}

std::vector<std::string> headers_of(const llm_config& config, std::string_view path, std::string_view body,
                                    std::chrono::system_clock::time_point now) {
  sigv4_request request{.path = path, .body = body};
  request.headers = {{"content-type", "application/json"},
                     {"host", std::string{host_header_of(config.base_url)}},
                     {"x-amz-date", sigv4_timestamp(now)}};
  const auto& token = config.aws_session_token.reveal();
  if (!token.empty())
    request.headers.emplace_back("x-amz-security-token", token);
  const sigv4_signer signer{config.aws_access_key.reveal(), config.aws_secret_key.reveal(), config.aws_region,
                            "bedrock"};
  std::vector<std::string> lines{"Authorization: " + sigv4_authorization(signer, request, now)};
  for (const auto& [name, value] : request.headers)
    if (name != "host") // which the transport writes
      lines.emplace_back(name).append(": ").append(value);
  return lines;
}

std::variant<http_call, generation_error> encode(const chat_question& question) {
  const auto& config = question.config;
  const auto read = translate(question, linked_images::refused, {});
  if (const auto* problem = std::get_if<generation_error>(&read))
    return *problem;
  const auto& [chat, options] = std::get<translated_chat>(read);
  if (forbids_what_was_done(chat, options))
    return generation_error{
      "invalid_request", "options.tool_choice: `none` has no form with engine bedrock once a tool was called",
      0};
  http_call call;
  const auto path = "/model/" + percent_encoded(config.model) +
                    (question.form == answer_form::stream ? "/converse-stream" : "/converse");
  call.url = config.base_url + path;
  call.body = body_of(chat, options);
  call.headers = headers_of(config, path_of(call.url), call.body, question.now);
  return call;
}

// -- answers

token_usage usage_in(const json::value* usage) {
  return usage_of(count_of(member(usage, "inputTokens")), count_of(member(usage, "outputTokens")));
}

std::variant<completion, generation_error> completion_of(const json::value& value, const quotation&,
                                                         std::uint32_t status) {
  const auto* content = member(member(member(&value, "output"), "message"), "content");
  if (!content || !content->is_array())
    return failed_answer("no_choices", status, "the provider's answer has no message");
  completion answer;
  answer.finish_reason = openai_reason_of(string_of(member(&value, "stopReason")));
  answer.usage = usage_in(member(&value, "usage"));
  bool said_something = false;
  for (const auto& block : content->get_array()) {
    if (const auto* text = member(&block, "text"); text && text->is_string()) {
      answer.text += view(text->get_string());
      said_something = true;
    } else if (const auto* call = member(&block, "toolUse")) {
      if (!add_call(answer.tool_calls, string_of(member(call, "toolUseId")), string_of(member(call, "name"))))
        return too_many_calls(status);
      const auto* input = member(call, "input");
      answer.tool_calls.back().arguments = input ? json::serialize(*input) : "{}";
    }
  }
  if (!said_something && answer.tool_calls.empty())
    return without_content(answer, status);
  return answer;
}

// -- streams

constexpr std::array<named_status, 6> statuses{{
  {"validationException", 400},
  {"modelTimeoutException", 408},
  {"modelStreamErrorException", 424},
  {"throttlingException", 429},
  {"internalServerException", 500},
  {"serviceUnavailableException", 503},
}};

class bedrock_stream : public answer_stream {
public:
  using answer_stream::answer_stream;

private:
  void read(std::string_view bytes, std::string& text) override {
    const auto result = frames_.feed(bytes, [&](const aws_event& event) {
      if (is_over())
        return;
      event_ = event.name;
      thrown_ = event.thrown;
      take_event(event.payload, text);
    });
    if (is_over() || result == frame_result::well)
      return;
    if (result == frame_result::too_long)
      fail("too_large", "a message of the event stream is longer than " +
                          std::to_string(aws_event_stream::longest_message) + " bytes");
    else
      fail("broken_stream", "the event stream is broken: a message's lengths or checksums are wrong");
  }

  void take_value(const json::value& event, std::string& text) override {
    if (thrown_)
      fail_as(status_named(event_, statuses), string_of(member(&event, "message")));
    else if (event_ == "contentBlockDelta")
      take_delta(member(&event, "delta"), text);
    else if (event_ == "contentBlockStart")
      start_block(member(&event, "start"));
    else if (event_ == "contentBlockStop")
      calls_.close();
    else if (event_ == "messageStop")
      known().finish_reason = openai_reason_of(string_of(member(&event, "stopReason")));
    else if (event_ == "metadata") {
      known().usage = usage_in(member(&event, "usage"));
      end(); // it is the last
    }
  }

  void start_block(const json::value* start) {
    const auto* call = member(start, "toolUse");
    if (call && !calls_.open(string_of(member(call, "toolUseId")), string_of(member(call, "name"))))
      fail("too_large", "the stream has too many calls of tools");
  }

  void take_delta(const json::value* delta, std::string& text) {
    if (const auto* said = member(delta, "text"); said && said->is_string()) {
      said_something();
      text += view(said->get_string());
    } else if (const auto* call = member(delta, "toolUse")) {
      calls_.add(string_of(member(call, "input")));
    }
  }

  aws_event_stream frames_;
  std::string event_;   // the name of the one being taken
  bool thrown_ = false; // it is an exception
  blocks_of_calls calls_{known().tool_calls};
};

} // namespace

const provider bedrock{&encode, &decode_by<&completion_of>, &open_as<bedrock_stream>};

} // namespace guardrails::llm
