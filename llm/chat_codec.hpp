// Chat completions as a pair of pure functions: messages → HTTP call, HTTP answer → completion.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/rails_config.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::llm {

/// One HTTP POST, ready to be sent. `headers` are whole lines (`Name: value`); they may hold the API key.
struct http_call {
  std::string url;
  std::vector<std::string> headers;
  std::string body;
};

/// What the model answered.
struct completion {
  std::string text;
  std::string model;         ///< as the provider names it; empty when it does not
  std::string finish_reason; ///< `stop`, `length`, `content_filter`, `tool_calls`, …
  token_usage usage;         ///< total_tokens == 0: the provider did not count
  std::vector<tool_call> tool_calls{};
  std::vector<further_choice> further_choices{};
};

/// How an answer is wanted.
enum class answer_form : std::uint8_t { whole, stream };

/// A call of `base_url` and `path`, with the headers that the provider wants.
http_call openai_call(const llm_config& config, std::string_view path, std::string body);

/// What OpenAI's interface is sent, wherever it is.
std::string openai_body(const llm_config& config, std::span<const chat_message> messages,
                        std::string_view options, answer_form form);

/// The call for `messages` and `options` (as in a generation_request) under `config` (engines openai and
/// openai_compatible).
http_call encode_openai(const llm_config& config, std::span<const chat_message> messages,
                        std::string_view options = {});

/// The same for an answer that comes as a stream (openai_stream.hpp), with the usage at its end.
http_call encode_openai_stream(const llm_config& config, std::span<const chat_message> messages,
                               std::string_view options = {});

/// Reads the answer to the messages `sent`. An error has the status, a short excerpt of the body without the
/// API key and without what was sent (quotation.hpp), and one of these kinds: `http_status` (not 2xx),
/// `provider_error` (an error with status 2xx), `invalid_json`, `no_choices`, `no_content`, `content_filter`
/// (the provider refuses question or answer), `too_large` (also: too many choices or calls of tools).
std::variant<completion, generation_error> decode_openai(const llm_config& config,
                                                         std::span<const chat_message> sent,
                                                         std::uint32_t status, std::string_view body);

/// Our own count, for providers and engines that do not count: a BPE-shaped estimate of cl100k's tokens.
std::uint64_t estimate_tokens(std::string_view text) noexcept;

/// The same; what it says once `stop` is true counts for nothing.
std::uint64_t estimate_tokens(std::string_view text, const std::function<bool()>& stop);

} // namespace guardrails::llm
