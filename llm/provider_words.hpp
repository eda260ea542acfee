// Words of an answer that no check judges, since providers and not models choose them; which is made sure of.
#pragma once

#include <string_view>

namespace guardrails::llm {

/// The name of a model: up to 128 letters, digits and `.`, `_`, `-`, `:`, `/`, `+`, of which at most eight
/// digits stand in a row (a date). Empty: `text` is none.
std::string_view model_name_of(std::string_view text) noexcept;

/// Why an answer ended (`stop`, `tool_calls`, `MAX_TOKENS`): up to 32 letters and `_`. Empty: `text` is none.
std::string_view finish_reason_of(std::string_view text) noexcept;

/// The same in OpenAI's words (`stop`, `length`, `tool_calls`, `content_filter`) where Anthropic's, Amazon's
/// or Google's have a meaning among them.
std::string_view openai_reason_of(std::string_view text) noexcept;

/// Whether a call of a tool may be named so: up to 64 letters, digits and `_`, `-`, `.`, `:`.
bool is_call_id(std::string_view text) noexcept;

} // namespace guardrails::llm
