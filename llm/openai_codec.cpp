// OpenAI's chat completions, which every compatible engine speaks: requests out, answers in.
#include "llm/chat_codec.hpp"

#include "llm/json_reader.hpp"
#include "llm/json_text.hpp"
#include "llm/message_extra.hpp"
#include "llm/openai_tool_calls.hpp"
#include "llm/openai_usage.hpp"
#include "llm/provider_words.hpp"
#include "llm/quotation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace guardrails::llm {
namespace {

namespace json = boost::json;

// -- encoding
// ----------------------------------------------------------------------------------------------------

template <class Number>
void append_number(std::string& out, std::string_view key, Number value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(key).append(digits.data(), end);
}

/// What the caller wants of the model, and what the configuration does where the caller says nothing of it.
class option_writer {
public:
  option_writer(std::string& out, std::string_view options)
    : out_{out}
    , wanted_{options.empty() ? nullptr : parser_.parse(options)} {}

  void write(const llm_config& config) {
    write_wanted();
    // JSON has no way to write infinities; the configuration does not let them pass either.
    if (config.temperature && std::isfinite(*config.temperature) && !wants("temperature"))
      append_number(out_, R"(,"temperature":)", *config.temperature);
    if (config.top_p && std::isfinite(*config.top_p) && !wants("top_p"))
      append_number(out_, R"(,"top_p":)", *config.top_p);
    if (config.max_tokens && !wants("max_tokens") && !wants("max_completion_tokens"))
      append_number(out_, R"(,"max_tokens":)", *config.max_tokens);
    if (!config.stop.empty() && !wants("stop"))
      write_stop(config.stop);
  }

private:
  bool wants(std::string_view name) const { return member(wanted_, name) != nullptr; }

  void write_wanted() {
    const auto* options = wanted_ ? wanted_->if_object() : nullptr;
    if (!options)
      return;
    for (const auto& [key, value] : *options) {
      const std::string_view name{key.data(), key.size()};
      if (std::ranges::find(ours, name) != ours.end())
        continue;
      out_ += ',';
      append_json_string(out_, name);
      out_.append(":").append(json::serialize(value));
    }
  }

  void write_stop(const std::vector<std::string>& stop) {
    out_ += R"(,"stop":[)";
    for (const auto& sequence : stop) {
      append_json_string(out_, sequence);
      out_ += ',';
    }
    out_.back() = ']';
  }

  static constexpr std::array<std::string_view, 4> ours{"model", "messages", "stream", "stream_options"};

  std::string& out_;
  bounded_parser parser_;
  const json::value* wanted_;
};

constexpr std::string_view chat_path = "/chat/completions";

enum class answer_form : std::uint8_t { whole, stream };

std::string body_of(const llm_config& config, std::span<const chat_message> messages,
                    std::string_view options, answer_form form) {
  std::size_t size = 224 + config.model.size() + options.size();
  for (const auto& message : messages)
    size += 48 + message.content.size() + message.content.size() / 16 + message.extra.size();
  std::string out;
  out.reserve(size);
  out += R"({"model":)";
  append_json_string(out, config.model);
  out += R"(,"messages":[)";
  for (const auto& message : messages) {
    append_message(out, message);
    out += ',';
  }
  if (!messages.empty())
    out.pop_back();
  out += ']';
  option_writer{out, options}.write(config);
  if (form == answer_form::stream)
    out += R"(,"stream":true,"stream_options":{"include_usage":true})";
  out += '}';
  return out;
}

generation_error failure(std::string kind, std::uint32_t status, std::string message) {
  return {std::move(kind), std::move(message), static_cast<std::int32_t>(status)};
}

// -- decoding
// ----------------------------------------------------------------------------------------------------

/// False if `content` is neither a string nor a list with a text part.
bool append_content(std::string& text, const json::value* content) {
  if (!content)
    return false;
  if (content->is_string()) {
    text = view(content->get_string());
    return true;
  }
  bool found = false;
  if (const auto* parts = content->if_array())
    for (const auto& part : *parts)
      if (const auto* piece = member(&part, "text"); piece && piece->is_string()) {
        text += view(piece->get_string());
        found = true;
      }
  return found;
}

generation_error without_content(const completion& answer, std::uint32_t status) {
  return failure("no_content", status,
                 answer.finish_reason == "content_filter" ? "the provider's content filter removed the answer"
                                                          : "the model's answer has no content");
}

/// The text of a message, or the refusal in its place. False: it has neither.
bool read_text(std::string& text, const json::value* message) {
  if (append_content(text, member(message, "content")))
    return true;
  text = string_of(member(message, "refusal"));
  return !text.empty();
}

bool read_further(std::vector<further_choice>& to, const json::array& choices) {
  if (choices.size() > most_choices)
    return false;
  for (std::size_t i = 1; i < choices.size(); ++i) {
    const auto* message = member(&choices[i], "message");
    auto& choice = to.emplace_back();
    read_text(choice.text, message);
    choice.finish_reason = finish_reason_of(string_of(member(&choices[i], "finish_reason")));
    if (!add_tool_calls(choice.tool_calls, member(message, "tool_calls")))
      return false;
  }
  return true;
}

std::variant<completion, generation_error> completion_of(const json::value& value, const quotation& quote,
                                                         std::uint32_t status) {
  // Some compatible servers report errors with status 200.
  if (const auto* error = member(&value, "error"); error && !error->is_null()) {
    const auto text = error->is_string() ? string_of(error) : string_of(member(error, "message"));
    return failure("provider_error", status, "the provider reported an error: " + quote.of(text));
  }
  const auto* choices = member(&value, "choices");
  if (!choices || !choices->is_array() || choices->get_array().empty())
    return failure("no_choices", status, "the provider's answer has no choices");
  const auto* choice = &choices->get_array().front();
  const auto* message = member(choice, "message");
  completion answer;
  answer.model = model_name_of(string_of(member(&value, "model")));
  answer.finish_reason = finish_reason_of(string_of(member(choice, "finish_reason")));
  answer.usage = openai_usage(member(&value, "usage"));
  if (!add_tool_calls(answer.tool_calls, member(message, "tool_calls")) ||
      !read_further(answer.further_choices, choices->get_array()))
    return failure("too_large", status, "the provider's answer has too many choices or calls of tools");
  if (read_text(answer.text, message) || !answer.tool_calls.empty())
    return answer;
  return without_content(answer, status);
}

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
    return failure("invalid_json", status, "the answer is empty");
  if (text.front() == '<')
    return failure("invalid_json", status, "the answer is HTML or XML instead of JSON: " + quote.of(text));
  // A broken completion may quote the prompt, so its text stays out of the message.
  if (text.front() == '{' || text.front() == '[')
    return failure("invalid_json", status,
                   "the answer is broken or too deeply nested JSON of " + std::to_string(text.size()) +
                     " bytes");
  return failure("invalid_json", status, "the answer is not JSON: " + quote.of(text));
}

/// message, type and code of the provider's error; empty if it has none of them.
std::string provider_error(const json::value* value, const quotation& quote) {
  const auto* error = member(value, "error");
  const auto text = error ? (error->is_string() ? string_of(error) : string_of(member(error, "message")))
                          : string_of(member(value, "message"));
  std::string what = quote.of(text);
  for (const auto* key : {"type", "code"})
    if (const auto detail = string_of(member(error, key)); !detail.empty())
      what.append(what.empty() ? "" : ", ").append(key).append(" ").append(quote.of(detail));
  return what;
}

generation_error http_failure(const quotation& quote, std::uint32_t status, std::string_view body,
                              const json::value* value) {
  auto message = "the provider answered with status " + std::to_string(status);
  // JSON without an error may echo the request: nothing of it is shown.
  const auto text = without_blanks(body);
  const bool structured = text.starts_with('{') || text.starts_with('[');
  const auto detail = value || structured ? provider_error(value, quote) : quote.of(text);
  if (!detail.empty())
    message.append(": ").append(detail);
  return failure("http_status", status, std::move(message));
}

} // namespace

http_call openai_call(const llm_config& config, std::string_view path, std::string body) {
  http_call call;
  std::string_view base = config.base_url;
  while (base.ends_with('/'))
    base.remove_suffix(1);
  call.url.reserve(base.size() + path.size());
  call.url.append(base).append(path);
  call.headers.reserve(3);
  call.headers.emplace_back("Content-Type: application/json");
  if (!config.api_key.empty())
    call.headers.emplace_back("Authorization: Bearer " + config.api_key.reveal());
  if (!config.organization.empty())
    call.headers.emplace_back("OpenAI-Organization: " + config.organization);
  call.body = std::move(body);
  return call;
}

http_call encode_openai(const llm_config& config, std::span<const chat_message> messages,
                        std::string_view options) {
  return openai_call(config, chat_path, body_of(config, messages, options, answer_form::whole));
}

http_call encode_openai_stream(const llm_config& config, std::span<const chat_message> messages,
                               std::string_view options) {
  return openai_call(config, chat_path, body_of(config, messages, options, answer_form::stream));
}

std::variant<completion, generation_error> decode_openai(const llm_config& config,
                                                         std::span<const chat_message> sent,
                                                         std::uint32_t status, std::string_view body) {
  const quotation quote{config, sent};
  if (body.size() > config.max_response_bytes)
    return failure("too_large", status,
                   "the answer is longer than " + std::to_string(config.max_response_bytes) + " bytes");
  bounded_parser parser;
  const auto* value = parser.parse(body);
  if (status < 200 || status >= 300)
    return http_failure(quote, status, body, value);
  if (!value)
    return not_json(quote, status, body);
  if (!value->is_object())
    return failure("no_choices", status, "the provider's answer is JSON, but no object");
  return completion_of(*value, quote, status);
}

} // namespace guardrails::llm
