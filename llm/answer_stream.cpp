// What all streams do alike: events, endings, errors.
#include "llm/answer_stream.hpp"

#include "llm/answer_errors.hpp"
#include "llm/json_reader.hpp"
#include "llm/quotation.hpp"

#include <utility>

namespace guardrails::llm {

std::optional<generation_error> answer_stream::feed(std::string_view bytes, std::string& text) {
  read(bytes, text);
  return problem_;
}

std::variant<completion, generation_error> answer_stream::finish() {
  if (!is_over() && known_.finish_reason.empty())
    fail("cut_off", "the model's stream ended before the answer did");
  if (!problem_ && !said_something_ && known_.tool_calls.empty())
    problem_ = without_content(known_, status_);
  if (problem_)
    return *problem_;
  return std::move(known_);
}

void answer_stream::read(std::string_view bytes, std::string& text) {
  const auto whole = events_.feed(bytes, [&](std::string_view data) {
    if (!is_over())
      take_event(data, text);
  });
  if (!whole && !is_over())
    fail("too_large",
         "an event of the stream is longer than " + std::to_string(event_stream::longest_event) + " bytes");
}

void answer_stream::take_event(std::string_view data, std::string& text) {
  bounded_parser parser;
  const auto* value = parser.parse(data);
  if (!value || !value->is_object())
    // A broken event may quote the prompt, so its text stays out of the message.
    return fail("invalid_json",
                "an event of the stream is no JSON object: " + std::to_string(data.size()) + " bytes");
  take_value(*value, text);
}

void answer_stream::fail(std::string kind, std::string message) {
  problem_ = failed_answer(std::move(kind), status_, std::move(message));
}

void answer_stream::fail_as(std::uint32_t status, std::string_view said) {
  problem_ = reported_error(quotation{config_, sent_}, status, said);
}

} // namespace guardrails::llm
