// The interfaces that providers of language models speak: what every one of them does, and which engine
// speaks which. A further one is a file in providers/ and a line in provider.cpp.
#pragma once

#include "llm/answer_stream.hpp"
#include "llm/chat_codec.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>

namespace guardrails::llm {

/// What a model is to be asked.
struct chat_question {
  const llm_config& config;
  std::span<const chat_message> messages;
  std::string_view options; ///< as in a generation_request
  answer_form form = answer_form::whole;
  std::chrono::system_clock::time_point now{}; ///< which signatures are made of
};

struct provider {
  /// The call; or why there is none: kind `invalid_request`, naming the message or option that the interface
  /// has no form for.
  std::variant<http_call, generation_error> (*encode)(const chat_question& question);

  /// Reads an answer to the messages `sent` that came whole; the kinds of errors are those of
  /// decode_openai().
  std::variant<completion, generation_error> (*decode)(const llm_config& config,
                                                       std::span<const chat_message> sent,
                                                       std::uint32_t status, std::string_view body);

  /// Reads an answer that comes as a stream. `config` and `sent` must outlive it.
  std::unique_ptr<answer_stream> (*open)(const llm_config& config, std::span<const chat_message> sent,
                                         std::uint32_t status);
};

/// Of an engine that is asked over HTTP.
const provider& provider_of(llm_engine engine) noexcept;

} // namespace guardrails::llm
