// Knows the forms of errors: OpenAI's and Azure's, Anthropic's, Google's and Amazon's are near enough to each
// other to be read in one place.
#include "llm/answer_errors.hpp"

#include "llm/json_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

generation_error not_json(const quotation& quote, std::uint32_t status, std::string_view body) {
  const auto text = without_blanks(body);
  if (text.empty())
    return failed_answer("invalid_json", status, "the answer is empty");
  if (text.front() == '<')
    return failed_answer("invalid_json", status,
                         "the answer is HTML or XML instead of JSON: " + quote.of(text));
  // A broken completion may quote the prompt, so its text stays out of the message.
  if (text.front() == '{' || text.front() == '[')
    return failed_answer("invalid_json", status,
                         "the answer is broken or too deeply nested JSON of " + std::to_string(text.size()) +
                           " bytes");
  return failed_answer("invalid_json", status, "the answer is not JSON: " + quote.of(text));
}

/// The error object, or what stands in its place: Google sends a list of one where a stream was asked for.
const json::value* body_of_error(const json::value* value) {
  if (const auto* list = value ? value->if_array() : nullptr; list && !list->empty())
    value = &list->front();
  return value;
}

std::string_view message_of(const json::value* value) {
  const auto* error = member(value, "error");
  if (error)
    return error->is_string() ? string_of(error) : string_of(member(error, "message"));
  const auto said = string_of(member(value, "message"));
  return said.empty() ? string_of(member(value, "Message")) : said;
}

/// message, type and code of the provider's error; empty if it has none of them.
std::string words_of_error(const json::value* value, const quotation& quote) {
  std::string what = quote.of(message_of(value));
  const auto* error = member(value, "error");
  const std::array<std::pair<std::string_view, const json::value*>, 4> details{
    {{"type", member(error, "type")},
     {"code", member(error, "code")},
     {"status", member(error, "status")},
     {"type", member(value, "__type")}}};
  for (const auto& [name, detail] : details)
    if (const auto text = string_of(detail); !text.empty())
      what.append(what.empty() ? "" : ", ").append(name).append(" ").append(quote.of(text));
  return what;
}

generation_error http_failure(const quotation& quote, std::uint32_t status, std::string_view body,
                              const json::value* value) {
  value = body_of_error(value);
  auto message = "the provider answered with status " + std::to_string(status);
  // JSON without an error may echo the request: nothing of it is shown.
  const auto text = without_blanks(body);
  const bool structured = text.starts_with('{') || text.starts_with('[');
  const auto detail = value || structured ? words_of_error(value, quote) : quote.of(text);
  if (!detail.empty())
    message.append(": ").append(detail);
  const bool filtered = string_of(member(member(value, "error"), "code")) == "content_filter";
  return failed_answer(filtered ? "content_filter" : "http_status", status, std::move(message));
}

} // namespace

generation_error failed_answer(std::string kind, std::uint32_t status, std::string message) {
  return {std::move(kind), std::move(message), static_cast<std::int32_t>(status)};
}

generation_error reported_error(const quotation& quote, std::uint32_t status, std::string_view said) {
  return failed_answer("provider_error", status, "the provider reported an error: " + quote.of(said));
}

generation_error without_content(const completion& answer, std::uint32_t status) {
  if (answer.finish_reason == "content_filter")
    return failed_answer("content_filter", status, "the provider's content filter removed the answer");
  return failed_answer("no_content", status, "the model's answer has no content");
}

generation_error too_many_calls(std::uint32_t status) {
  return failed_answer("too_large", status, "the provider's answer has too many choices or calls of tools");
}

std::uint32_t status_named(std::string_view name, std::span<const named_status> among) noexcept {
  const auto known = std::ranges::find(among, name, &named_status::name);
  return known == among.end() ? 500 : known->status;
}

std::variant<completion, generation_error> decode_answer(const llm_config& config,
                                                         std::span<const chat_message> sent,
                                                         std::uint32_t status, std::string_view body,
                                                         completion_reader read) {
  const quotation quote{config, sent};
  if (body.size() > config.max_response_bytes)
    return failed_answer("too_large", status,
                         "the answer is longer than " + std::to_string(config.max_response_bytes) + " bytes");
  bounded_parser parser;
  const auto* value = parser.parse(body);
  if (status < 200 || status >= 300)
    return http_failure(quote, status, body, value);
  if (!value)
    return not_json(quote, status, body);
  if (!value->is_object())
    return failed_answer("no_choices", status, "the provider's answer is JSON, but no object");
  return read(*value, quote, status);
}

} // namespace guardrails::llm
