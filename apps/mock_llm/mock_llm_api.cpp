// The table of interfaces; OpenAI's and Azure's, which differ in addresses and keys.
#include "apps/mock_llm/mock_llm_api.hpp"

#include "llm/json_reader.hpp"

#include <algorithm>
#include <array>

namespace guardrails::mock_llm {

namespace json = boost::json;

namespace {

chat_reading parsed(std::string_view body) {
  auto request = parse_chat_request(body);
  if (!request)
    return refusal{400, "The body is not a chat request."};
  return std::move(*request);
}

chat_reading read_openai(const options& how, const posted& request) {
  if (request.target != "/v1/chat/completions")
    return {};
  if (!how.api_key.empty() && request.header("authorization") != "Bearer " + how.api_key)
    return refusal{401, "Incorrect API key provided."};
  return parsed(request.body);
}

chat_reading read_azure(const options& how, const posted& request) {
  constexpr std::string_view before = "/openai/deployments/";
  constexpr std::string_view after = "/chat/completions";
  const auto path = request.target.substr(0, request.target.find('?'));
  if (!path.starts_with(before) || !path.ends_with(after) || path.size() <= before.size() + after.size())
    return {};
  const auto query = request.target.substr(path.size());
  if (!query.starts_with("?api-version=20"))
    return refusal{404, "Resource not found"}; // what Azure says of a missing version
  const auto key = request.header("api-key");
  if (key.empty() || (!how.api_key.empty() && key != how.api_key))
    return refusal{401, "Access denied due to invalid subscription key or wrong API endpoint."};
  auto reading = parsed(request.body);
  if (auto* chat = std::get_if<chat_request>(&reading))
    chat->model = path.substr(before.size(), path.size() - before.size() - after.size());
  return reading;
}

std::string azure_error(std::uint32_t status, std::string_view message) {
  json::object error{{"message", message}, {"param", nullptr}, {"type", nullptr}};
  error["code"] = message == filtered_message ? "content_filter" : std::to_string(status);
  if (message == filtered_message) {
    error["status"] = status;
    error["innererror"] = json::object{{"code", "ResponsibleAIPolicyViolation"}};
  }
  return json::serialize(json::object{{"error", std::move(error)}});
}

constexpr std::string_view sse = "text/event-stream";

const chat_api openai_api{&read_openai, &completion_body, &completion_events, sse, &error_body};
const chat_api azure_api{&read_azure, &completion_body, &completion_events, sse, &azure_error, nullptr, 400};

} // namespace

const chat_api& api_of(api_form form) noexcept {
  switch (form) {
  case api_form::openai:
    break;
  case api_form::azure_openai:
    return azure_api;
  case api_form::anthropic:
    return anthropic_api;
  case api_form::gemini:
    return gemini_api;
  case api_form::bedrock:
    return bedrock_api;
  }
  return openai_api;
}

std::string chosen_tool(const std::vector<std::string>& tools, std::string_view named) {
  if (!named.empty())
    return std::string{named};
  return tools.empty() ? std::string{} : tools.front();
}

std::vector<std::string> texts_of(const json::value* list) {
  std::vector<std::string> texts;
  if (const auto* items = list ? list->if_array() : nullptr)
    for (const auto& item : *items)
      texts.emplace_back(llm::string_of(&item));
  return texts;
}

std::uint64_t count_of(const json::value* value) {
  return value && value->is_int64() && value->get_int64() > 0 ? static_cast<std::uint64_t>(value->get_int64())
                                                              : 0;
}

std::string_view find_unknown(const json::object& object, std::span<const std::string_view> known) {
  for (const auto& [key, value] : object)
    if (std::ranges::find(known, std::string_view{key.data(), key.size()}) == known.end())
      return {key.data(), key.size()};
  return {};
}

std::string sse_event(std::string_view name, const json::object& data) {
  std::string event;
  if (!name.empty())
    event.append("event: ").append(name).append("\n");
  return event.append("data: ").append(json::serialize(data)).append("\n\n");
}

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    pieces.emplace_back(next_piece(text));
    text.remove_prefix(pieces.back().size());
  }
  return pieces;
}

} // namespace guardrails::mock_llm
