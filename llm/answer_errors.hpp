// What a provider's answer is when it is no answer; and what all answers that come whole have in common.
#pragma once

#include "llm/chat_codec.hpp"
#include "llm/quotation.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace guardrails::llm {

generation_error failed_answer(std::string kind, std::uint32_t status, std::string message);

/// What the provider says is wrong, of kind `provider_error`.
generation_error reported_error(const quotation& quote, std::uint32_t status, std::string_view said);

/// The answer has neither a text nor a call of a tool: kind `content_filter` or `no_content`.
generation_error without_content(const completion& answer, std::uint32_t status);

generation_error too_many_calls(std::uint32_t status);

/// An error as a provider names it within a stream, and the status that it has where it is told at once.
struct named_status {
  std::string_view name;
  std::uint32_t status;
};

/// 500 for a name that is not among them.
std::uint32_t status_named(std::string_view name, std::span<const named_status> among) noexcept;

/// Of JSON that is an object, with status 2xx.
using completion_reader = std::variant<completion, generation_error> (*)(const boost::json::value& body,
                                                                         const quotation& quote,
                                                                         std::uint32_t status);

/// Reads a whole answer: size, status and form are the same with all providers, what it says is `read`'s.
std::variant<completion, generation_error> decode_answer(const llm_config& config,
                                                         std::span<const chat_message> sent,
                                                         std::uint32_t status, std::string_view body,
                                                         completion_reader read);

/// The same for a provider's table.
template <completion_reader Read>
std::variant<completion, generation_error> decode_by(const llm_config& config,
                                                     std::span<const chat_message> sent, std::uint32_t status,
                                                     std::string_view body) {
  return decode_answer(config, sent, status, body, Read);
}

} // namespace guardrails::llm
