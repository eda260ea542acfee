// OpenAI's chat completions, which every compatible engine speaks: requests out, answers in.
#include "llm/chat_codec.hpp"

#include "llm/answer_errors.hpp"
#include "llm/json_reader.hpp"
#include "llm/json_text.hpp"
#include "llm/message_extra.hpp"
#include "llm/openai_tool_calls.hpp"
#include "llm/openai_usage.hpp"
#include "llm/provider_words.hpp"

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

} // namespace

std::string openai_body(const llm_config& config, std::span<const chat_message> messages,
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

namespace {

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
    return reported_error(quote, status, text);
  }
  const auto* choices = member(&value, "choices");
  if (!choices || !choices->is_array() || choices->get_array().empty())
    return failed_answer("no_choices", status, "the provider's answer has no choices");
  const auto* choice = &choices->get_array().front();
  const auto* message = member(choice, "message");
  completion answer;
  answer.model = model_name_of(string_of(member(&value, "model")));
  answer.finish_reason = finish_reason_of(string_of(member(choice, "finish_reason")));
  answer.usage = openai_usage(member(&value, "usage"));
  if (!add_tool_calls(answer.tool_calls, member(message, "tool_calls")) ||
      !read_further(answer.further_choices, choices->get_array()))
    return too_many_calls(status);
  if (read_text(answer.text, message) || !answer.tool_calls.empty())
    return answer;
  return without_content(answer, status);
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
  return openai_call(config, chat_path, openai_body(config, messages, options, answer_form::whole));
}

http_call encode_openai_stream(const llm_config& config, std::span<const chat_message> messages,
                               std::string_view options) {
  return openai_call(config, chat_path, openai_body(config, messages, options, answer_form::stream));
}

std::variant<completion, generation_error> decode_openai(const llm_config& config,
                                                         std::span<const chat_message> sent,
                                                         std::uint32_t status, std::string_view body) {
  return decode_answer(config, sent, status, body, &completion_of);
}

} // namespace guardrails::llm
