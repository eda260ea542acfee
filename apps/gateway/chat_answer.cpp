// Writes completions and the chunks of streams.
#include "apps/gateway/chat_answer.hpp"

#include "llm/json_text.hpp"

#include <guardrails/json.hpp>

#include <boost/json.hpp>

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

} // namespace

std::string_view finish_reason(const generation& result) noexcept {
  return result.blocked ? "content_filter" : "stop";
}

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
  json::object message{
    {"role", "assistant"}, {"content", to_json(result.final_response)}, {"refusal", nullptr}};
  json::object choice{{"index", 0},
                      {"message", std::move(message)},
                      {"logprobs", nullptr},
                      {"finish_reason", view(finish_reason(result))}};
  json::object answer{{"id", who.id},
                      {"object", "chat.completion"},
                      {"created", who.created},
                      {"model", to_json(who.model)},
                      {"choices", json::array{std::move(choice)}},
                      {"usage", usage_of(result.usage)}};
  if (with_report)
    answer.emplace("guardrails", report_of(result));
  return json::serialize(answer);
}

json::object completion_stream::chunk(json::object delta, std::string_view reason) const {
  json::object choice{{"index", 0}, {"delta", std::move(delta)}, {"logprobs", nullptr}};
  choice.emplace("finish_reason", reason.empty() ? json::value(nullptr) : json::value(view(reason)));
  json::object all{{"id", who_.id},
                   {"object", "chat.completion.chunk"},
                   {"created", who_.created},
                   {"model", to_json(who_.model)},
                   {"choices", json::array{std::move(choice)}}};
  if (counts_usage_)
    all.emplace("usage", nullptr);
  return all;
}

void completion_stream::begin(std::string& out) const {
  append_event(out, chunk({{"role", "assistant"}, {"content", ""}}, {}));
}

void completion_stream::text(std::string& out, std::string_view piece) const {
  append_event(out, chunk({{"content", to_json(piece)}}, {}));
}

void completion_stream::finish(std::string& out, std::string_view reason, const json::object* report) const {
  auto last = chunk({}, reason);
  if (report)
    last.emplace("guardrails", *report);
  append_event(out, last);
}

void completion_stream::end(std::string& out, const token_usage& usage) const {
  if (counts_usage_) {
    auto count = chunk({}, {});
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
  std::string_view left = result.final_response;
  while (!left.empty()) {
    auto piece = llm::utf8_prefix(left, longest_piece);
    if (piece.empty()) // malformed throughout: cut anywhere
      piece = left.substr(0, longest_piece);
    stream.text(out, piece);
    left.remove_prefix(piece.size());
  }
  const auto report = with_report ? report_of(result) : json::object{};
  stream.finish(out, finish_reason(result), with_report ? &report : nullptr);
  stream.end(out, result.usage);
  return out;
}

} // namespace guardrails::gateway
