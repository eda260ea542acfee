// The mock upstream as Google's generateContent and streamGenerateContent.
#include "apps/mock_llm/mock_llm_api.hpp"

#include "llm/chat_codec.hpp"
#include "llm/json_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace guardrails::mock_llm {

namespace json = boost::json;
using llm::member;
using llm::string_of;

namespace {

// -- requests

constexpr std::array<std::string_view, 7> known_members{
  "contents",   "systemInstruction", "generationConfig", "tools",
  "toolConfig", "safetySettings",    "cachedContent"};
constexpr std::array<std::string_view, 15> known_settings{
  "temperature",      "topP",           "topK",
  "maxOutputTokens",  "seed",           "candidateCount",
  "presencePenalty",  "stopSequences",  "frequencyPenalty",
  "responseMimeType", "responseSchema", "thinkingConfig",
  "responseLogprobs", "logprobs",       "responseJsonSchema"};

/// What is wrong; empty: nothing.
std::string read_contents(const json::value* contents, chat_request& to) {
  const auto* list = contents ? contents->if_array() : nullptr;
  if (!list || list->empty())
    return "GenerateContentRequest.contents: contents is not specified";
  std::size_t called = 0;
  for (const auto& content : *list) {
    const auto role = string_of(member(&content, "role"));
    if (role != "user" && role != "model")
      return "Please use a valid role: user, model.";
    const auto* parts = member(&content, "parts");
    if (!parts || !parts->is_array() || parts->get_array().empty())
      return "contents.parts must not be empty.";
    std::string text;
    std::size_t calls = 0;
    std::size_t results = 0;
    for (const auto& part : parts->get_array()) {
      text += string_of(member(&part, "text"));
      calls += member(&part, "functionCall") != nullptr;
      results += member(&part, "functionResponse") != nullptr;
    }
    if (results != std::exchange(called, calls))
      return "Please ensure that the number of function response parts is equal to the number of function "
             "call "
             "parts of the function call turn.";
    to.prompt_tokens += 4 + llm::estimate_tokens(text);
    if (role == "user" && !text.empty())
      to.last_user = text;
  }
  return {};
}

std::string tool_of(const json::object& body) {
  std::vector<std::string> tools;
  if (const auto* list = body.if_contains("tools"); list && list->is_array())
    for (const auto& tool : list->get_array())
      if (const auto* functions = member(&tool, "functionDeclarations"); functions && functions->is_array())
        for (const auto& function : functions->get_array())
          tools.emplace_back(string_of(member(&function, "name")));
  const auto* choice = member(body.if_contains("toolConfig"), "functionCallingConfig");
  if (string_of(member(choice, "mode")) == "NONE")
    return {};
  const auto allowed = texts_of(member(choice, "allowedFunctionNames"));
  return chosen_tool(tools, allowed.empty() ? std::string_view{} : std::string_view{allowed.front()});
}

/// Whether the conversation ends with what a tool brought.
bool ends_with_result(const json::value& contents) {
  const auto& last = contents.get_array().back().at("parts").get_array().back();
  return member(&last, "functionResponse") != nullptr;
}

chat_reading read_body(const json::object& body, chat_request chat) {
  auto unknown = find_unknown(body, known_members);
  const auto* settings = body.if_contains("generationConfig");
  if (unknown.empty() && settings && settings->is_object())
    unknown = find_unknown(settings->get_object(), known_settings);
  if (!unknown.empty())
    return refusal{400, "Invalid JSON payload received. Unknown name \"" + std::string{unknown} + "\""};
  if (auto problem = read_contents(body.if_contains("contents"), chat); !problem.empty())
    return refusal{400, std::move(problem)};
  chat.most_tokens = count_of(member(settings, "maxOutputTokens"));
  chat.choices = std::clamp<std::uint64_t>(count_of(member(settings, "candidateCount")), 1, 8);
  chat.stop = texts_of(member(settings, "stopSequences"));
  if (!ends_with_result(body.at("contents")))
    chat.tool = tool_of(body);
  return chat;
}

chat_reading read(const options& how, const posted& request) {
  constexpr std::string_view folder = "/v1beta/models/";
  constexpr std::string_view whole = ":generateContent";
  constexpr std::string_view stream = ":streamGenerateContent?alt=sse";
  chat_request chat;
  chat.stream = request.target.ends_with(stream);
  const auto method = chat.stream ? stream : whole;
  if (!request.target.starts_with(folder) || !request.target.ends_with(method))
    return {};
  chat.model = request.target.substr(folder.size(), request.target.size() - folder.size() - method.size());
  const auto key = request.header("x-goog-api-key");
  if (key.empty())
    return refusal{403, "Method doesn't allow unregistered callers. Please use API Key."};
  if (!how.api_key.empty() && key != how.api_key)
    return refusal{400, "API key not valid. Please pass a valid API key."};
  llm::bounded_parser parser;
  const auto* body = parser.parse(request.body);
  if (!body || !body->is_object())
    return refusal{400, "Invalid JSON payload received."};
  return read_body(body->get_object(), std::move(chat));
}

// -- answers

json::object candidate(json::array parts, std::uint64_t index, std::string_view reason) {
  json::object made{{"content", json::object{{"parts", std::move(parts)}, {"role", "model"}}},
                    {"index", index}};
  if (!reason.empty())
    made["finishReason"] = reason;
  return made;
}

json::object answer_of(const chat_request& request, std::string_view said, json::array candidates) {
  const auto tokens = llm::estimate_tokens(said);
  return {{"candidates", std::move(candidates)},
          {"usageMetadata", json::object{{"promptTokenCount", request.prompt_tokens},
                                         {"candidatesTokenCount", tokens},
                                         {"totalTokenCount", request.prompt_tokens + tokens}}},
          {"modelVersion", request.model},
          {"responseId", "mock"}};
}

json::object call_part(const chat_request& request, std::string_view text) {
  return {
    {"functionCall", json::object{{"name", request.tool}, {"args", json::parse(call_arguments(text))}}}};
}

std::string_view reason_of(const said_text& said) {
  return said.reason == "length" ? "MAX_TOKENS" : "STOP";
}

json::object refused_prompt() {
  return {{"promptFeedback", json::object{{"blockReason", "SAFETY"}}},
          {"usageMetadata", json::object{{"promptTokenCount", 1}}}};
}

answer_body whole(const chat_request& request, std::string_view text, const plan& what, std::uint64_t,
                  std::int64_t, std::string_view) {
  const auto said = cut_text(request, text);
  json::array candidates;
  for (std::uint64_t i = 0; i < request.choices && what.fault != fault::no_choices; ++i) {
    std::string shown{said.text};
    if (i > 0)
      shown += " (" + std::to_string(i + 1) + ")";
    const auto part = request.tool.empty() ? json::object{{"text", shown}} : call_part(request, text);
    candidates.emplace_back(candidate({part}, i, reason_of(said)));
  }
  answer_body body;
  body.head = json::serialize(
    what.fault == fault::filtered ? refused_prompt() : answer_of(request, said.text, std::move(candidates)));
  return body;
}

std::string error(std::uint32_t status, std::string_view message);

std::vector<std::string> events(const chat_request& request, std::string_view text, std::uint64_t,
                                std::int64_t, const plan& what) {
  if (what.fault == fault::filtered)
    return {sse_event({}, refused_prompt())};
  const auto said = cut_text(request, text);
  std::vector<std::string> all;
  const auto add = [&](json::object part, std::string_view reason) {
    all.push_back(sse_event({}, answer_of(request, said.text, {candidate({std::move(part)}, 0, reason)})));
  };
  if (!request.tool.empty()) {
    add(call_part(request, text), "STOP");
    return all;
  }
  for (const auto& piece : pieces_of(said.text))
    add({{"text", piece}}, {});
  if (what.fault == fault::broken_off)
    all.push_back("data: " + error(503, "The model is overloaded.") + "\n\n");
  else
    add({{"text", ""}}, reason_of(said));
  return all;
}

// -- errors

std::string error(std::uint32_t status, std::string_view message) {
  constexpr std::array<named_status, 8> names{{{400, "INVALID_ARGUMENT"},
                                               {401, "UNAUTHENTICATED"},
                                               {403, "PERMISSION_DENIED"},
                                               {404, "NOT_FOUND"},
                                               {409, "ABORTED"},
                                               {429, "RESOURCE_EXHAUSTED"},
                                               {503, "UNAVAILABLE"},
                                               {504, "DEADLINE_EXCEEDED"}}};
  const auto known = std::ranges::find(names, status, &named_status::status);
  std::string_view name = status < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
  if (known != names.end())
    name = known->name;
  return json::serialize(
    json::object{{"error", json::object{{"code", status}, {"message", message}, {"status", name}}}});
}

} // namespace

const chat_api gemini_api{&read, &whole, &events, "text/event-stream", &error};

} // namespace guardrails::mock_llm
