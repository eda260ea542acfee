// OpenAI's chat completions as Azure serves them: the model is a deployment in the path, the key has a header
// of its own, and content filters say what they found.
#include "llm/openai_stream.hpp"
#include "llm/percent_encoding.hpp"
#include "llm/providers/formats.hpp"

namespace guardrails::llm {

namespace {

std::variant<http_call, generation_error> encode(const chat_question& question) {
  const auto& config = question.config;
  http_call call;
  call.url = config.endpoint;
  call.url.append("/openai/deployments/").append(percent_encoded(config.model));
  call.url.append("/chat/completions?api-version=").append(percent_encoded(config.api_version));
  call.headers = {"Content-Type: application/json", "api-key: " + config.api_key.reveal()};
  call.body = openai_body(config, question.messages, question.options, question.form);
  return call;
}

} // namespace

const provider azure_openai{&encode, &decode_openai, &open_as<openai_stream>};

} // namespace guardrails::llm
