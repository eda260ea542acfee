// Reads the chunks of a streamed chat completion.
#include "llm/openai_stream.hpp"

#include "llm/json_reader.hpp"
#include "llm/openai_tool_calls.hpp"
#include "llm/openai_usage.hpp"
#include "llm/provider_words.hpp"
#include "llm/quotation.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

std::size_t index_of(const json::value& choice) {
  const auto* index = member(&choice, "index");
  return index && index->is_int64() && index->get_int64() > 0 ? static_cast<std::size_t>(index->get_int64())
                                                              : 0;
}

/// Whether there was any text, empty as it may be.
bool append_text(std::string& to, const json::value* delta) {
  bool found = false;
  for (const auto* key : {"content", "refusal"})
    if (const auto* said = member(delta, key); said && said->is_string()) {
      found = true;
      to += view(said->get_string());
    }
  return found;
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
  if (const auto model = model_name_of(string_of(member(&chunk, "model")));
      !model.empty() && known_.model.empty())
    known_.model = model;
  if (const auto usage = openai_usage(member(&chunk, "usage")); usage.total_tokens > 0)
    known_.usage = usage;
  if (const auto* choices = member(&chunk, "choices"); choices && choices->is_array())
    for (const auto& choice : choices->get_array())
      if (!problem_)
        take_choice(choice, text);
}

void openai_stream::take_choice(const json::value& choice, std::string& text) {
  const auto index = index_of(choice);
  auto& further = known_.further_choices;
  if (index > further.size() && index < most_choices)
    further.resize(index);
  if (index >= most_choices)
    return fail("too_large", "the stream has too many choices");
  const bool first = index == 0;
  const auto* delta = member(&choice, "delta");
  const bool said = append_text(first ? text : further[index - 1].text, delta);
  said_something_ |= first && said;
  if (!add_tool_calls(first ? known_.tool_calls : further[index - 1].tool_calls, member(delta, "tool_calls")))
    return fail("too_large", "the stream has too many calls of tools");
  if (const auto reason = finish_reason_of(string_of(member(&choice, "finish_reason"))); !reason.empty())
    (first ? known_.finish_reason : further[index - 1].finish_reason) = reason;
}

std::variant<completion, generation_error> openai_stream::finish() {
  if (!problem_ && !done_ && known_.finish_reason.empty())
    fail("cut_off", "the model's stream ended before the answer did");
  if (!problem_ && !said_something_ && known_.tool_calls.empty())
    fail("no_content", known_.finish_reason == "content_filter"
                         ? "the provider's content filter removed the answer"
                         : "the model's answer has no content");
  if (problem_)
    return *problem_;
  return std::move(known_);
}

} // namespace guardrails::llm
