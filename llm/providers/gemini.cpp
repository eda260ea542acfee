// Google's generateContent and streamGenerateContent (ai.google.dev/api, v1beta): requests, answers, streams.
#include "llm/answer_errors.hpp"
#include "llm/json_reader.hpp"
#include "llm/openai_tool_calls.hpp"
#include "llm/openai_usage.hpp"
#include "llm/percent_encoding.hpp"
#include "llm/provider_words.hpp"
#include "llm/providers/formats.hpp"
#include "llm/translated_chat.hpp"

#include <optional>
#include <utility>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

// -- requests

/// A function's answer is an object here.
json::object result_of(const std::string& text) {
  bounded_parser parser;
  const auto* value = parser.parse(text);
  if (value && value->is_object())
    return json::object(value->get_object(), json::storage_ptr{});
  return {{"result", text}};
}

json::object part_of(const chat_part& part) {
  switch (part.kind) {
  case part_kind::image:
    return {{"inlineData", json::object{{"mimeType", part.media_type}, {"data", part.text}}}};
  case part_kind::tool_call:
    return {{"functionCall", json::object{{"name", part.name}, {"args", part.arguments}}}};
  case part_kind::tool_result:
    return {{"functionResponse", json::object{{"name", part.name}, {"response", result_of(part.text)}}}};
  case part_kind::text:
  case part_kind::linked_image: // read_turns() refuses them
    break;
  }
  return {{"text", part.text}};
}

/// `models/gemini-2.5-flash` → `gemini-2.5-flash`.
std::string_view model_of(const llm_config& config) {
  constexpr std::string_view folder = "models/";
  std::string_view model = config.model;
  if (model.starts_with(folder))
    model.remove_prefix(folder.size());
  return model;
}

/// From version 3 on the first call of a turn has to carry the signature of the thoughts that led to it.
bool wants_signatures(std::string_view model) {
  constexpr std::string_view family = "gemini-";
  return model.starts_with(family) && model.size() > family.size() && model[family.size()] >= '3' &&
         model[family.size()] <= '9';
}

// Signatures have no place in OpenAI's terms, so they are not kept; this is what Google's documentation has
// for histories without them.
constexpr std::string_view no_signature = "skip_thought_signature_validator";

json::array contents_of(const chat_turns& chat, bool signs) {
  json::array contents;
  for (const auto& turn : chat.turns) {
    json::array parts;
    bool is_first = signs;
    for (const auto& part : turn.parts) {
      auto made = part_of(part);
      if (part.kind == part_kind::tool_call && std::exchange(is_first, false))
        made["thoughtSignature"] = no_signature;
      parts.emplace_back(std::move(made));
    }
    contents.emplace_back(
      json::object{{"role", turn.of_model ? "model" : "user"}, {"parts", std::move(parts)}});
  }
  return contents;
}

json::object settings_of(const chat_options& options) {
  json::object to;
  const auto set = [&](const char* name, const auto& value) {
    if (value)
      to[name] = *value;
  };
  set("temperature", options.temperature);
  set("topP", options.top_p);
  set("topK", options.top_k);
  set("maxOutputTokens", options.max_tokens);
  set("seed", options.seed);
  set("candidateCount", options.choices);
  set("presencePenalty", options.presence_penalty);
  set("frequencyPenalty", options.frequency_penalty);
  if (!options.stop.empty())
    to["stopSequences"] = json::array(options.stop.begin(), options.stop.end());
  if (options.json_answer)
    to["responseMimeType"] = "application/json";
  if (!options.answer_schema.is_null())
    to["responseJsonSchema"] = options.answer_schema;
  return to;
}

json::array tools_of(const chat_options& options) {
  json::array functions;
  for (const auto& tool : options.tools) {
    json::object to{{"name", tool.name}};
    if (!tool.description.empty())
      to["description"] = tool.description;
    if (!tool.parameters.is_null())
      to["parametersJsonSchema"] = tool.parameters;
    functions.emplace_back(std::move(to));
  }
  return {json::object{{"functionDeclarations", std::move(functions)}}};
}

json::object choice_of(const chat_options& options) {
  json::object to;
  switch (*options.choice) {
  case tool_choice::automatic:
    to["mode"] = "AUTO";
    break;
  case tool_choice::none:
    to["mode"] = "NONE";
    break;
  case tool_choice::named:
    to["allowedFunctionNames"] = json::array{options.chosen_tool};
    [[fallthrough]];
  case tool_choice::required:
    to["mode"] = "ANY";
  }
  return {{"functionCallingConfig", std::move(to)}};
}

std::string body_of(const chat_turns& chat, const chat_options& options, bool signs) {
  json::object body{{"contents", contents_of(chat, signs)}};
  json::array instructions;
  for (const auto& text : chat.instructions)
    instructions.emplace_back(json::object{{"text", text}});
  if (!instructions.empty())
    body["systemInstruction"] = json::object{{"parts", std::move(instructions)}};
  if (auto settings = settings_of(options); !settings.empty())
    body["generationConfig"] = std::move(settings);
  if (!options.tools.empty()) {
    body["tools"] = tools_of(options);
    if (options.choice)
      body["toolConfig"] = choice_of(options);
  }
  return json::serialize(body);
}

/// The first result that answers no call, by the place of its turn; functions are known by name here.
std::optional<generation_error> find_nameless(const chat_turns& chat) {
  for (const auto& turn : chat.turns)
    for (const auto& part : turn.parts)
      if (part.kind == part_kind::tool_result && part.name.empty())
        return generation_error{"invalid_request", "messages: a tool's message answers no call before it", 0};
  return std::nullopt;
}

std::string url_of(const chat_question& question) {
  auto url = question.config.base_url + "/models/" + percent_encoded(model_of(question.config));
  url += question.form == answer_form::stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
  return url;
}

std::variant<http_call, generation_error> encode(const chat_question& question) {
  const auto& config = question.config;
  constexpr option_forms forms{
    .top_k = true, .seed = true, .penalties = true, .choices = true, .json_answer = true};
  const auto read = translate(question, linked_images::refused, forms);
  if (const auto* problem = std::get_if<generation_error>(&read))
    return *problem;
  const auto& [chat, options] = std::get<translated_chat>(read);
  if (auto problem = find_nameless(chat))
    return std::move(*problem);
  http_call call;
  call.url = url_of(question);
  call.headers = {"Content-Type: application/json", "x-goog-api-key: " + config.api_key.reveal()};
  call.body = body_of(chat, options, wants_signatures(model_of(config)));
  return call;
}

// -- answers and the pieces of streams, which have one form

/// What the model thought was output, too.
token_usage usage_in(const json::value* usage) {
  return usage_of(count_of(member(usage, "promptTokenCount")),
                  count_of(member(usage, "candidatesTokenCount")) +
                    count_of(member(usage, "thoughtsTokenCount")));
}

/// One candidate's words go here.
struct candidate_slot {
  std::string& text;
  std::vector<tool_call>& calls;
  std::string& finish_reason;
};

/// Calls need not have ids here; ours then count them.
bool take_call(const json::value& call, std::vector<tool_call>& to) {
  const auto given = string_of(member(&call, "id"));
  const auto id = given.empty() ? "call_" + std::to_string(to.size()) : std::string{given};
  if (!add_call(to, id, string_of(member(&call, "name"))))
    return false;
  const auto* arguments = member(&call, "args");
  to.back().arguments = arguments ? json::serialize(*arguments) : "{}";
  return true;
}

enum class taken : std::uint8_t { nothing, something, too_much };

taken take_candidate(const json::value& candidate, candidate_slot to) {
  auto result = taken::nothing;
  const auto* parts = member(member(&candidate, "content"), "parts");
  if (const auto* list = parts ? parts->if_array() : nullptr)
    for (const auto& part : *list) {
      if (const auto* call = member(&part, "functionCall")) {
        if (!take_call(*call, to.calls))
          return taken::too_much;
      } else if (const auto* thought = member(&part, "thought"); thought && *thought == true) {
        continue;
      } else if (const auto* text = member(&part, "text"); text && text->is_string()) {
        to.text += view(text->get_string());
        result = taken::something;
      }
    }
  if (const auto reason = openai_reason_of(string_of(member(&candidate, "finishReason"))); !reason.empty())
    to.finish_reason = reason == "stop" && !to.calls.empty() ? "tool_calls" : reason;
  return result;
}

bool refuses_prompt(const json::value& value) {
  return !string_of(member(member(&value, "promptFeedback"), "blockReason")).empty();
}

constexpr const char* refused_prompt = "the provider's content filter refused the prompt";

std::size_t index_of(const json::value& candidate, std::size_t otherwise) {
  const auto* index = member(&candidate, "index");
  return index && index->is_int64() && index->get_int64() >= 0 ? static_cast<std::size_t>(index->get_int64())
                                                               : otherwise;
}

/// Takes all candidates of an answer, or of a piece of one.
taken take_candidates(const json::array& candidates, completion& to, std::string& first_text) {
  auto result = taken::nothing;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto index = index_of(candidates[i], i);
    if (index >= most_choices)
      return taken::too_much;
    auto& further = to.further_choices;
    if (index > further.size())
      further.resize(index);
    const auto got =
      index == 0 ? take_candidate(candidates[i], {first_text, to.tool_calls, to.finish_reason})
                 : take_candidate(candidates[i], {further[index - 1].text, further[index - 1].tool_calls,
                                                  further[index - 1].finish_reason});
    if (got == taken::too_much)
      return got;
    if (index == 0)
      result = got;
  }
  return result;
}

std::variant<completion, generation_error> completion_of(const json::value& value, const quotation& quote,
                                                         std::uint32_t status) {
  if (const auto* error = member(&value, "error"); error && !error->is_null())
    return reported_error(quote, status, string_of(member(error, "message")));
  const auto* candidates = member(&value, "candidates");
  if (!candidates || !candidates->is_array() || candidates->get_array().empty()) {
    if (refuses_prompt(value))
      return failed_answer("content_filter", status, refused_prompt);
    return failed_answer("no_choices", status, "the provider's answer has no candidates");
  }
  completion answer;
  answer.model = model_name_of(string_of(member(&value, "modelVersion")));
  answer.usage = usage_in(member(&value, "usageMetadata"));
  const auto got = take_candidates(candidates->get_array(), answer, answer.text);
  if (got == taken::too_much)
    return too_many_calls(status);
  if (got == taken::nothing && answer.tool_calls.empty())
    return without_content(answer, status);
  return answer;
}

class gemini_stream : public answer_stream {
public:
  using answer_stream::answer_stream;

private:
  void take_value(const json::value& piece, std::string& text) override {
    if (const auto* error = member(&piece, "error"); error && !error->is_null()) {
      const auto code = count_of(member(error, "code"));
      return fail_as(code >= 400 && code < 600 ? static_cast<std::uint32_t>(code) : status(),
                     string_of(member(error, "message")));
    }
    if (refuses_prompt(piece))
      return fail("content_filter", refused_prompt);
    if (const auto model = model_name_of(string_of(member(&piece, "modelVersion"))); !model.empty())
      known().model = model;
    if (const auto usage = usage_in(member(&piece, "usageMetadata")); usage.total_tokens > 0)
      known().usage = usage;
    const auto* candidates = member(&piece, "candidates");
    if (!candidates || !candidates->is_array())
      return;
    const auto got = take_candidates(candidates->get_array(), known(), text);
    if (got == taken::too_much)
      return fail("too_large", "the stream has too many choices or calls of tools");
    if (got == taken::something)
      said_something();
  }
};

} // namespace

const provider gemini{&encode, &decode_by<&completion_of>, &open_as<gemini_stream>};

} // namespace guardrails::llm
