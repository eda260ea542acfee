// Writes completions and the chunks of streams.
#include "apps/gateway/chat_answer.hpp"

#include "llm/json_text.hpp"

#include <guardrails/json.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_piece = 4096; // of text in one chunk

json::string_view view(std::string_view text) {
  return {text.data(), text.size()};
}

json::object usage_of(const token_usage& usage) {
  return {{"prompt_tokens", usage.prompt_tokens},
          {"completion_tokens", usage.completion_tokens},
          {"total_tokens", usage.total_tokens}};
}

void append_event(std::string& out, const json::object& chunk) {
  out.append("data: ").append(json::serialize(chunk)).append("\n\n");
}

json::value check_of(const boxed_optional<check_report>& report) {
  if (!report)
    return nullptr;
  auto shown = *report;
  for (auto& found : shown.findings) {
    found.why.context.clear();
    found.why.ngrams.clear();
  }
  return to_json(shown);
}

/// Whatever a provider says, clients know these.
std::string_view known_reason(std::string_view reason) {
  constexpr std::array<std::string_view, 4> known{"stop", "length", "tool_calls", "content_filter"};
  return std::ranges::find(known, reason) != known.end() ? reason : "stop";
}

std::string_view reason_of(const generation& result) {
  return result.blocked ? "content_filter" : known_reason(result.finish_reason);
}

/// Hands out a text in pieces that one chunk takes.
template <class Sink>
void cut(std::string_view text, Sink sink) {
  while (!text.empty()) {
    auto piece = llm::utf8_prefix(text, longest_piece);
    if (piece.empty()) // malformed throughout: cut anywhere
      piece = text.substr(0, longest_piece);
    sink(piece);
    text.remove_prefix(piece.size());
  }
}

bool is_custom(const tool_call& call) {
  return call.type == "custom";
}

/// `arguments` may be the whole of them or a piece.
json::object tool_of(const tool_call& call, std::string_view arguments, bool names) {
  json::object tool;
  if (names)
    tool.emplace("name", to_json(call.name));
  tool.emplace(is_custom(call) ? "input" : "arguments", to_json(arguments));
  return tool;
}

json::object begin_call(const tool_call& call, std::string_view arguments) {
  const auto* type = is_custom(call) ? "custom" : "function";
  return {{"id", to_json(call.id)}, {"type", type}, {type, tool_of(call, arguments, true)}};
}

json::array calls_of(const std::vector<tool_call>& calls) {
  json::array list;
  for (const auto& call : calls)
    list.push_back(begin_call(call, call.arguments));
  return list;
}

json::object message_of(std::string_view text, const std::vector<tool_call>& calls) {
  json::object message{{"role", "assistant"}, {"content", to_json(text)}, {"refusal", nullptr}};
  if (calls.empty())
    return message;
  if (text.empty())
    message["content"] = nullptr;
  message.emplace("tool_calls", calls_of(calls));
  return message;
}

json::object choice_of(answer_form form, std::size_t index, std::string_view text,
                       const std::vector<tool_call>& calls, std::string_view reason) {
  json::object choice{{"index", index}};
  if (form == answer_form::chat)
    choice.emplace("message", message_of(text, calls));
  else
    choice.emplace("text", to_json(text));
  choice.emplace("logprobs", nullptr);
  choice.emplace("finish_reason", view(reason));
  return choice;
}

json::array choices_of(answer_form form, const generation& result) {
  json::array choices;
  choices.push_back(choice_of(form, 0, result.final_response, result.tool_calls, reason_of(result)));
  for (const auto& choice : result.further_choices)
    choices.push_back(
      choice_of(form, choices.size(), choice.text, choice.tool_calls, known_reason(choice.finish_reason)));
  return choices;
}

} // namespace

json::object report_of(const generation& result) {
  json::object report{{"request_id", to_json(result.request_id)},
                      {"config_version", result.config_version},
                      {"blocked", result.blocked},
                      {"block_reason", to_json(result.block_reason)},
                      {"input_check", check_of(result.input_check)},
                      {"output_check", check_of(result.output_check)},
                      {"token_budget_input_check", to_json(result.token_budget_input_check)},
                      {"token_budget_output_check", to_json(result.token_budget_output_check)},
                      {"timings", to_json(result.timings)}};
  return report;
}

std::string completion_body(const answer_identity& who, const generation& result, bool with_report) {
  json::object answer{{"id", who.id},
                      {"object", who.form == answer_form::chat ? "chat.completion" : "text_completion"},
                      {"created", who.created},
                      {"model", to_json(who.model)},
                      {"choices", choices_of(who.form, result)},
                      {"usage", usage_of(result.usage)}};
  if (with_report)
    answer.emplace("guardrails", report_of(result));
  return json::serialize(answer);
}

json::object completion_stream::chunk(json::object choice) const {
  json::object all{{"id", who_.id},
                   {"object", who_.form == answer_form::chat ? "chat.completion.chunk" : "text_completion"},
                   {"created", who_.created},
                   {"model", to_json(who_.model)},
                   {"choices", json::array{std::move(choice)}}};
  if (counts_usage_)
    all.emplace("usage", nullptr);
  return all;
}

json::object completion_stream::delta(std::size_t index, json::object said) const {
  return chunk(
    {{"index", index}, {"delta", std::move(said)}, {"logprobs", nullptr}, {"finish_reason", nullptr}});
}

json::object completion_stream::last(std::size_t index, std::string_view reason) const {
  json::object choice{{"index", index}};
  if (who_.form == answer_form::chat)
    choice.emplace("delta", json::object{});
  else
    choice.emplace("text", "");
  choice.emplace("logprobs", nullptr);
  choice.emplace("finish_reason", view(reason));
  return chunk(std::move(choice));
}

void completion_stream::begin(std::string& out, std::size_t index) const {
  if (who_.form == answer_form::chat)
    append_event(out, delta(index, {{"role", "assistant"}, {"content", ""}}));
}

void completion_stream::text(std::string& out, std::size_t index, std::string_view piece) const {
  append_event(out, who_.form == answer_form::chat ? delta(index, {{"content", to_json(piece)}})
                                                   : chunk({{"index", index},
                                                            {"text", to_json(piece)},
                                                            {"logprobs", nullptr},
                                                            {"finish_reason", nullptr}}));
}

void completion_stream::calls(std::string& out, std::size_t index,
                              const std::vector<tool_call>& calls) const {
  if (who_.form == answer_form::text)
    return; // has no place for them
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto& call = calls[i];
    const auto append = [&](json::object said) {
      said.emplace("index", i);
      append_event(out, delta(index, {{"tool_calls", json::array{std::move(said)}}}));
    };
    append(begin_call(call, ""));
    cut(call.arguments, [&](std::string_view piece) {
      append({{is_custom(call) ? "custom" : "function", tool_of(call, piece, false)}});
    });
  }
}

void completion_stream::begin(std::string& out) const {
  begin(out, 0);
}

void completion_stream::text(std::string& out, std::string_view piece) const {
  text(out, 0, piece);
}

void completion_stream::finish(std::string& out, const generation& result, const json::object* report) const {
  calls(out, 0, result.tool_calls);
  auto ending = last(0, reason_of(result));
  for (std::size_t i = 0; i < result.further_choices.size(); ++i) {
    const auto& choice = result.further_choices[i];
    append_event(out, ending);
    begin(out, i + 1);
    cut(choice.text, [&](std::string_view piece) { text(out, i + 1, piece); });
    calls(out, i + 1, choice.tool_calls);
    ending = last(i + 1, known_reason(choice.finish_reason));
  }
  if (report)
    ending.emplace("guardrails", *report);
  append_event(out, ending);
}

void completion_stream::end(std::string& out, const token_usage& usage) const {
  if (counts_usage_) {
    auto count = chunk({});
    count["choices"] = json::array{};
    count["usage"] = usage_of(usage);
    append_event(out, count);
  }
  out.append("data: [DONE]\n\n");
}

std::string stream_body(const answer_identity& who, const generation& result, bool counts_usage,
                        bool with_report) {
  const completion_stream stream{who, counts_usage};
  std::string out;
  stream.begin(out);
  cut(result.final_response, [&](std::string_view piece) { stream.text(out, piece); });
  const auto report = with_report ? report_of(result) : json::object{};
  stream.finish(out, result, with_report ? &report : nullptr);
  stream.end(out, result.usage);
  return out;
}

} // namespace guardrails::gateway
