// The mock upstream as Amazon Bedrock's Converse and ConverseStream, with signatures that it recomputes.
#include "apps/mock_llm/mock_llm_api.hpp"

#include "llm/aws_event_stream.hpp"
#include "llm/chat_codec.hpp"
#include "llm/json_reader.hpp"
#include "llm/sigv4.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

namespace guardrails::mock_llm {

namespace json = boost::json;
using llm::member;
using llm::string_of;

namespace {

// -- signatures

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256 ";

/// The text behind `name=` up to a comma.
std::string_view part_of(std::string_view authorization, std::string_view name) {
  const auto at = authorization.find(name);
  if (at == authorization.npos)
    return {};
  const auto rest = authorization.substr(at + name.size());
  return rest.substr(0, rest.find(','));
}

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != text.npos; text.remove_prefix(std::min(end + 1, text.size()))) {
    end = text.find(mark);
    parts.push_back(text.substr(0, end));
  }
  return parts;
}

/// Amazon lets clocks differ by five minutes.
bool is_fresh(std::string_view timestamp) {
  const auto now = std::chrono::system_clock::now();
  return timestamp >= llm::sigv4_timestamp(now - std::chrono::minutes{5}) &&
         timestamp <= llm::sigv4_timestamp(now + std::chrono::minutes{5});
}

std::optional<refusal> find_signing_problem(const options& how, const posted& request) {
  const auto authorization = request.header("authorization");
  if (!authorization.starts_with(algorithm))
    return refusal{403, "Missing Authentication Token"};
  const auto credential = split(part_of(authorization, "Credential="), '/');
  const auto names = part_of(authorization, "SignedHeaders=");
  const auto timestamp = request.header("x-amz-date");
  if (credential.size() != 5 || credential[4] != "aws4_request" || timestamp.empty())
    return refusal{403, "Authorization header is not well-formed."};
  if (credential[0] != how.aws_access_key)
    return refusal{403, "The security token included in the request is invalid."};
  if (!is_fresh(timestamp) || credential[1] != timestamp.substr(0, 8))
    return refusal{403, "Signature expired or not yet current."};
  if (credential[3] != "bedrock")
    return refusal{403, "Credential should be scoped to correct service: 'bedrock'."};
  llm::sigv4_request made;
  made.path = llm::path_of(request.target);
  made.body = request.body;
  std::set<std::string_view> seen;
  for (const auto name : split(names, ';')) {
    seen.insert(name);
    made.headers.emplace_back(name, request.header(name));
  }
  const bool has_token = !request.header("x-amz-security-token").empty();
  if (!seen.contains("host") || !seen.contains("x-amz-date") ||
      (has_token && !seen.contains("x-amz-security-token")))
    return refusal{403, "'Host', 'X-Amz-Date' and a security token must be signed."};
  const llm::sigv4_signer signer{how.aws_access_key, how.aws_secret_key, credential[2], credential[3]};
  if (llm::sigv4_signature(signer, made, timestamp) != part_of(authorization, "Signature="))
    return refusal{403, "The request signature we calculated does not match the signature you provided."};
  return std::nullopt;
}

// -- requests

/// Walks through the messages as strictly as the provider does.
class conversation_reader {
public:
  explicit conversation_reader(chat_request& to)
    : to_{to} {}

  /// What is wrong; empty: nothing.
  std::string read(const json::value* messages) {
    const auto* list = messages ? messages->if_array() : nullptr;
    if (!list || list->empty())
      return "A conversation must start with a user message.";
    for (const auto& message : *list)
      if (auto problem = read_message(message); !problem.empty())
        return problem;
    return {};
  }

  bool has_tools() const noexcept { return has_tools_; }
  bool ends_with_result() const noexcept { return brought_; }

private:
  std::string read_message(const json::value& message) {
    const auto role = string_of(member(&message, "role"));
    if (role != (last_role_ == "user" ? "assistant" : "user"))
      return "A conversation must start with a user message and alternate between user and assistant roles.";
    last_role_ = role;
    const auto before = std::exchange(called_, {});
    std::set<std::string> answered;
    std::string text;
    const auto* content = member(&message, "content");
    if (!content || !content->is_array() || content->get_array().empty())
      return "The content field in the Message object is empty.";
    for (const auto& block : content->get_array()) {
      brought_ = false;
      if (const auto* said = member(&block, "text")) {
        if (string_of(said).empty())
          return "The text field in the ContentBlock object is blank.";
        text += string_of(said);
      } else if (const auto* call = member(&block, "toolUse")) {
        called_.emplace(string_of(member(call, "toolUseId")));
        has_tools_ = true;
      } else if (const auto* result = member(&block, "toolResult")) {
        answered.emplace(string_of(member(result, "toolUseId")));
        brought_ = true;
      }
    }
    if (answered != before)
      return "Expected toolResult blocks for the toolUse blocks of the previous turn.";
    to_.prompt_tokens += 4 + llm::estimate_tokens(text);
    if (role == "user" && !text.empty())
      to_.last_user = text;
    return {};
  }

  chat_request& to_;
  std::string last_role_;
  std::set<std::string> called_; // by the message before
  bool has_tools_ = false;
  bool brought_ = false;
};

std::string tool_of(const json::value* config) {
  std::vector<std::string> tools;
  if (const auto* list = member(config, "tools"); list && list->is_array())
    for (const auto& tool : list->get_array())
      tools.emplace_back(string_of(member(member(&tool, "toolSpec"), "name")));
  return chosen_tool(tools, string_of(member(member(member(config, "toolChoice"), "tool"), "name")));
}

chat_reading read_body(const json::value& body, chat_request chat) {
  conversation_reader reader{chat};
  if (auto problem = reader.read(member(&body, "messages")); !problem.empty())
    return refusal{400, std::move(problem)};
  const auto* tools = member(&body, "toolConfig");
  if (reader.has_tools() && !tools)
    return refusal{400,
                   "The toolConfig field must be defined when using toolUse and toolResult content blocks."};
  const auto* settings = member(&body, "inferenceConfig");
  chat.most_tokens = count_of(member(settings, "maxTokens"));
  chat.stop = texts_of(member(settings, "stopSequences"));
  if (!reader.ends_with_result())
    chat.tool = tool_of(tools);
  return chat;
}

chat_reading read(const options& how, const posted& request) {
  constexpr std::string_view folder = "/model/";
  constexpr std::string_view whole = "/converse";
  constexpr std::string_view stream = "/converse-stream";
  chat_request chat;
  chat.stream = request.target.ends_with(stream);
  const auto method = chat.stream ? stream : whole;
  if (!request.target.starts_with(folder) || !request.target.ends_with(method))
    return {};
  chat.model = request.target.substr(folder.size(), request.target.size() - folder.size() - method.size());
  if (auto problem = find_signing_problem(how, request))
    return std::move(*problem);
  llm::bounded_parser parser;
  const auto* body = parser.parse(request.body);
  if (!body || !body->is_object())
    return refusal{400, "The request body is not valid JSON."};
  return read_body(*body, std::move(chat));
}

// -- answers

std::string_view reason_of(const said_text& said, const chat_request& request) {
  if (!request.tool.empty())
    return "tool_use";
  return said.reason == "length" ? "max_tokens" : "end_turn";
}

json::object call_of(const chat_request& request, std::uint64_t number) {
  return {{"toolUseId", "tooluse_mock_" + std::to_string(number)}, {"name", request.tool}};
}

json::object usage_of(const chat_request& request, std::string_view said) {
  const auto tokens = llm::estimate_tokens(said);
  return {{"inputTokens", request.prompt_tokens},
          {"outputTokens", tokens},
          {"totalTokens", request.prompt_tokens + tokens}};
}

answer_body whole(const chat_request& request, std::string_view text, const plan& what, std::uint64_t number,
                  std::int64_t, std::string_view) {
  const auto said = cut_text(request, text);
  json::array content;
  if (!request.tool.empty()) {
    auto call = call_of(request, number);
    call["input"] = json::parse(call_arguments(text));
    content.emplace_back(json::object{{"toolUse", std::move(call)}});
  } else if (what.fault != fault::filtered) {
    content.emplace_back(json::object{{"text", said.text}});
  }
  json::object answer{{"metrics", json::object{{"latencyMs", 1}}}};
  if (what.fault != fault::no_choices)
    answer["output"] =
      json::object{{"message", json::object{{"role", "assistant"}, {"content", std::move(content)}}}};
  answer["stopReason"] = what.fault == fault::filtered ? "content_filtered" : reason_of(said, request);
  answer["usage"] = usage_of(request, said.text);
  answer_body body;
  body.head = json::serialize(answer);
  return body;
}

void add(std::vector<std::string>& events, std::string_view type, const json::object& data) {
  events.push_back(llm::encode_aws_event(type, json::serialize(data)));
}

void add_delta(std::vector<std::string>& events, json::object delta) {
  add(events, "contentBlockDelta", {{"contentBlockIndex", 0}, {"delta", std::move(delta)}});
}

std::vector<std::string> events(const chat_request& request, std::string_view text, std::uint64_t number,
                                std::int64_t, const plan& what) {
  const auto said = cut_text(request, text);
  std::vector<std::string> all;
  add(all, "messageStart", {{"role", "assistant"}});
  if (what.fault == fault::filtered) {
    add(all, "messageStop", {{"stopReason", "content_filtered"}});
    return all;
  }
  if (!request.tool.empty()) {
    add(all, "contentBlockStart",
        {{"contentBlockIndex", 0}, {"start", json::object{{"toolUse", call_of(request, number)}}}});
    for (const auto& piece : pieces_of(call_arguments(text)))
      add_delta(all, {{"toolUse", json::object{{"input", piece}}}});
  } else {
    for (const auto& piece : pieces_of(said.text))
      add_delta(all, {{"text", piece}});
  }
  if (what.fault == fault::broken_off) {
    all.push_back(llm::encode_aws_event("throttlingException", R"({"message":"Too many requests"})", true));
    return all;
  }
  add(all, "contentBlockStop", {{"contentBlockIndex", 0}});
  add(all, "messageStop", {{"stopReason", reason_of(said, request)}});
  add(all, "metadata",
      {{"usage", usage_of(request, said.text)}, {"metrics", json::object{{"latencyMs", 1}}}});
  return all;
}

// -- errors

std::string error(std::uint32_t, std::string_view message) {
  return json::serialize(json::object{{"message", message}});
}

std::string error_headers(std::uint32_t status) {
  constexpr std::array<named_status, 6> names{{{400, "ValidationException"},
                                               {403, "AccessDeniedException"},
                                               {404, "ResourceNotFoundException"},
                                               {408, "ModelTimeoutException"},
                                               {429, "ThrottlingException"},
                                               {503, "ServiceUnavailableException"}}};
  const auto known = std::ranges::find(names, status, &named_status::status);
  std::string_view name = "InternalServerException";
  if (known != names.end())
    name = known->name;
  return "x-amzn-ErrorType: " + std::string{name} + "\r\n";
}

} // namespace

const chat_api bedrock_api{&read,  &whole,        &events, "application/vnd.amazon.eventstream",
                           &error, &error_headers};

} // namespace guardrails::mock_llm
