// Reads the chunks of a streamed chat completion.
#include "llm/openai_stream.hpp"

#include "llm/json_reader.hpp"
#include "llm/openai_tool_calls.hpp"
#include "llm/openai_usage.hpp"
#include "llm/provider_words.hpp"

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

void openai_stream::take_event(std::string_view data, std::string& text) {
  if (data == "[DONE]")
    end();
  else
    answer_stream::take_event(data, text);
}

void openai_stream::take_value(const json::value& chunk, std::string& text) {
  if (const auto* error = member(&chunk, "error"); error && !error->is_null())
    return fail_as(status(), error->is_string() ? string_of(error) : string_of(member(error, "message")));
  if (const auto model = model_name_of(string_of(member(&chunk, "model")));
      !model.empty() && known().model.empty())
    known().model = model;
  if (const auto usage = openai_usage(member(&chunk, "usage")); usage.total_tokens > 0)
    known().usage = usage;
  if (const auto* choices = member(&chunk, "choices"); choices && choices->is_array())
    for (const auto& choice : choices->get_array())
      if (!is_over())
        take_choice(choice, text);
}

void openai_stream::take_choice(const json::value& choice, std::string& text) {
  const auto index = index_of(choice);
  auto& further = known().further_choices;
  if (index > further.size() && index < most_choices)
    further.resize(index);
  if (index >= most_choices)
    return fail("too_large", "the stream has too many choices");
  const bool first = index == 0;
  const auto* delta = member(&choice, "delta");
  const bool said = append_text(first ? text : further[index - 1].text, delta);
  if (first && said)
    said_something();
  if (!add_tool_calls(first ? known().tool_calls : further[index - 1].tool_calls,
                      member(delta, "tool_calls")))
    return fail("too_large", "the stream has too many calls of tools");
  if (const auto reason = finish_reason_of(string_of(member(&choice, "finish_reason"))); !reason.empty())
    (first ? known().finish_reason : further[index - 1].finish_reason) = reason;
}

} // namespace guardrails::llm
