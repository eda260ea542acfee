// Reads the chunks of a streamed chat completion.
#include "llm/openai_stream.hpp"

#include "llm/json_reader.hpp"
#include "llm/openai_usage.hpp"
#include "llm/quotation.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

// The choice with index 0; a chunk about another one has none.
const json::value* first_choice(const json::value& chunk) {
  const auto* choices = member(&chunk, "choices");
  if (!choices || !choices->is_array())
    return nullptr;
  for (const auto& choice : choices->get_array()) {
    const auto* index = member(&choice, "index");
    if (!index || (index->is_int64() && index->get_int64() == 0))
      return &choice;
  }
  return nullptr;
}

bool has_elements(const json::value* value) {
  return value && value->is_array() && !value->get_array().empty();
}

} // namespace

void openai_stream::fail(std::string kind, std::string message) {
  problem_ = generation_error{std::move(kind), std::move(message), static_cast<std::int32_t>(status_)};
}

std::optional<generation_error> openai_stream::feed(std::string_view bytes, std::string& text) {
  const auto whole = events_.feed(bytes, [&](std::string_view data) {
    if (!problem_ && !done_)
      take(data, text);
  });
  if (!whole && !problem_ && !done_)
    fail("too_large",
         "an event of the stream is longer than " + std::to_string(event_stream::longest_event) + " bytes");
  return problem_;
}

void openai_stream::take(std::string_view data, std::string& text) {
  if (data == "[DONE]") {
    done_ = true;
    return;
  }
  bounded_parser parser;
  const auto* chunk = parser.parse(data);
  if (!chunk || !chunk->is_object())
    // A broken chunk may quote the prompt, so its text stays out of the message.
    return fail("invalid_json",
                "an event of the stream is no JSON object: " + std::to_string(data.size()) + " bytes");
  take_chunk(*chunk, text);
}

void openai_stream::take_chunk(const json::value& chunk, std::string& text) {
  if (const auto* error = member(&chunk, "error"); error && !error->is_null()) {
    const auto said = error->is_string() ? string_of(error) : string_of(member(error, "message"));
    return fail("provider_error", "the provider reported an error: " + quotation{config_, sent_}.of(said));
  }
  if (const auto model = string_of(member(&chunk, "model")); !model.empty() && known_.model.empty())
    known_.model = model;
  if (const auto usage = openai_usage(member(&chunk, "usage")); usage.total_tokens > 0)
    known_.usage = usage;
  const auto* choice = first_choice(chunk);
  if (!choice)
    return;
  const auto* delta = member(choice, "delta");
  for (const auto* key : {"content", "refusal"})
    if (const auto* said = member(delta, key); said && said->is_string()) {
      said_something_ = true;
      text += view(said->get_string());
    }
  called_tools_ |= has_elements(member(delta, "tool_calls"));
  if (const auto reason = string_of(member(choice, "finish_reason")); !reason.empty())
    known_.finish_reason = reason;
}

std::variant<completion, generation_error> openai_stream::finish() {
  if (!problem_ && !done_ && known_.finish_reason.empty())
    fail("cut_off", "the model's stream ended before the answer did");
  if (!problem_ && called_tools_ && !said_something_)
    fail("no_content", "the model answered with tool calls only, which are not supported");
  if (!problem_ && !said_something_)
    fail("no_content", known_.finish_reason == "content_filter"
                         ? "the provider's content filter removed the answer"
                         : "the model's answer has no content");
  if (problem_)
    return *problem_;
  return std::move(known_);
}

} // namespace guardrails::llm
