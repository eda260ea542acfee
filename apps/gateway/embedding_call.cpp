// Takes the inputs out of the request and puts them back.
#include "apps/gateway/embedding_call.hpp"

#include "apps/gateway/member_names.hpp"

#include "llm/json_reader.hpp"
#include "llm/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> known_members{"input", "model", "encoding_format", "dimensions",
                                                        "user"};

/// Servers there are that embed other members than the input, each its own: none that holds a text goes on
/// but those that OpenAI names, and no list and no object.
std::optional<api_error> find_unjudged(const json::object& request) {
  auto found = find_disguised(request, known_members);
  for (const auto& [key, value] : request) {
    const std::string_view name{key.data(), key.size()};
    const bool is_known = std::ranges::find(known_members, name) != known_members.end();
    if (!found && name != "input" && (value.is_structured() || (value.is_string() && !is_known)))
      found.emplace(name);
  }
  if (!found)
    return std::nullopt;
  auto message = std::string{"'"}.append(*found).append("' is not supported.");
  return bad_request(std::move(message), std::move(*found), "unsupported_parameter");
}

std::optional<api_error> read_inputs(const json::value* input, embedding_call& to) {
  if (input && input->is_string()) {
    to.inputs.emplace_back(llm::string_of(input));
    return std::nullopt;
  }
  const auto* list = input ? input->if_array() : nullptr;
  if (!list || list->empty() || list->size() > most_embedded)
    return bad_request("Expected a text, or 1 to " + std::to_string(most_embedded) + " of them.", "input");
  to.is_list = true;
  for (const auto& text : *list) {
    if (!text.is_string())
      return bad_request("Only texts are taken: tokens cannot be judged.", "input", "unsupported_content");
    to.inputs.emplace_back(llm::string_of(&text));
  }
  return std::nullopt;
}

} // namespace

std::variant<embedding_call, api_error> read_embedding_call(std::string_view body) {
  llm::bounded_parser parser;
  const auto* value = parser.parse(body);
  if (!value || !value->is_object())
    return bad_request("The body is no JSON object, or is nested too deeply.", {}, "invalid_json");
  const auto* model = llm::member(value, "model");
  if (!model || !model->is_string())
    return bad_request("Expected the name of a model.", "model");
  if (auto problem = find_unjudged(value->get_object()))
    return std::move(*problem);
  embedding_call call;
  if (auto problem = read_inputs(llm::member(value, "input"), call))
    return std::move(*problem);
  json::object rest;
  for (const auto& [key, member] : value->get_object())
    if (key != "input")
      rest.emplace(key, member);
  call.rest = json::serialize(rest);
  return call;
}

std::string body_of(const embedding_call& call) {
  std::string body = call.rest;
  body.back() = ','; // never empty: it names the model
  body += call.is_list ? R"("input":[)" : R"("input":)";
  for (const auto& text : call.inputs) {
    llm::append_json_string(body, text);
    body += ',';
  }
  body.back() = call.is_list ? ']' : '}';
  if (call.is_list)
    body += '}';
  return body;
}

} // namespace guardrails::gateway
