// The providers, one file each.
#pragma once

#include "llm/provider.hpp"

namespace guardrails::llm {

extern const provider openai;       ///< chat completions
extern const provider azure_openai; ///< the same, of a deployment
extern const provider anthropic;    ///< messages
extern const provider gemini;       ///< generateContent and streamGenerateContent
extern const provider bedrock;      ///< Converse and ConverseStream

template <class Stream>
std::unique_ptr<answer_stream> open_as(const llm_config& config, std::span<const chat_message> sent,
                                       std::uint32_t status) {
  return std::make_unique<Stream>(config, sent, status);
}

} // namespace guardrails::llm
