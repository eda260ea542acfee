// OpenAI's chat completions, which compatible servers speak as well.
#include "llm/openai_stream.hpp"
#include "llm/providers/formats.hpp"

namespace guardrails::llm {

namespace {

std::variant<http_call, generation_error> encode(const chat_question& question) {
  const auto encoded = question.form == answer_form::stream ? &encode_openai_stream : &encode_openai;
  return encoded(question.config, question.messages, question.options);
}

} // namespace

const provider openai{&encode, &decode_openai, &open_as<openai_stream>};

} // namespace guardrails::llm
