// Chooses among the judges' interfaces and formats.
#include "llm/judges/judge_codec.hpp"

#include "llm/judges/formats.hpp"

#include <utility>

namespace guardrails::llm {

namespace {

using verdicts = std::variant<std::vector<judge_verdict>, judge_failure>;

std::string body_of(const judge_config& config, judge_subject subject, std::span<const judged_text> texts) {
  if (config.engine == judge_engine::openai_moderation)
    return moderation_body(config, texts);
  switch (config.format) {
  case judge_format::json_verdict:
    return chat_body(config, prompt_json_verdict(subject, texts.front()));
  case judge_format::llama_guard:
    return chat_body(config, prompt_llama_guard(texts.front()));
  case judge_format::shieldgemma:
    return chat_body(config, prompt_shieldgemma(texts.front()));
  }
  return {};
}

std::variant<judge_verdict, judge_failure> read_reply(judge_format format, judge_subject subject,
                                                      const verdict_reply& reply) {
  switch (format) {
  case judge_format::json_verdict:
    return read_json_verdict(subject, reply);
  case judge_format::llama_guard:
    return read_llama_guard(subject, reply);
  case judge_format::shieldgemma:
    return read_shieldgemma(reply);
  }
  return malformed("the format", "is unknown");
}

verdicts read_completion(const judge_config& config, judge_subject subject, const boost::json::value& body) {
  auto reply = read_chat(body);
  if (auto* failure = std::get_if<judge_failure>(&reply))
    return std::move(*failure);
  auto verdict = read_reply(config.format, subject, std::get<verdict_reply>(reply));
  if (auto* failure = std::get_if<judge_failure>(&verdict))
    return std::move(*failure);
  return std::vector{std::move(std::get<judge_verdict>(verdict))};
}

} // namespace

std::size_t most_texts(const judge_config& config) noexcept {
  return config.engine == judge_engine::openai_moderation ? config.batch.size : 1;
}

http_call encode_judge(const judge_config& config, judge_subject subject,
                       std::span<const judged_text> texts) {
  http_call call;
  call.url = config.base_url;
  call.url += config.engine == judge_engine::openai_moderation ? "/moderations" : "/chat/completions";
  call.headers.emplace_back("Content-Type: application/json");
  if (!config.api_key.empty())
    call.headers.emplace_back("Authorization: Bearer " + config.api_key.reveal());
  call.body = body_of(config, subject, texts);
  return call;
}

verdicts decode_judge(const judge_config& config, judge_subject subject, std::size_t texts,
                      std::uint32_t status, std::string_view body) {
  if (status < 200 || status >= 300)
    return judge_failure{"judge_status", "The judge answered with status " + std::to_string(status) + "."};
  bounded_parser parser;
  const auto* value = parser.parse(body);
  if (!value)
    return malformed("the body", "is no JSON, or nested too deeply");
  if (config.engine == judge_engine::openai_moderation)
    return read_moderation(config, texts, *value);
  if (texts != 1)
    return malformed("choices", "is about one text, and several were asked about");
  return read_completion(config, subject, *value);
}

judge_failure malformed(std::string_view place, std::string_view problem) {
  std::string message = "The judge's answer is malformed: ";
  message.append(place).append(" ").append(problem).append(".");
  return {"judge_malformed", std::move(message)};
}

} // namespace guardrails::llm
