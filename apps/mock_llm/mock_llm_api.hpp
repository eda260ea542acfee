// The interfaces that the mock upstream speaks, one file each: what a chat must look like, and what answers
// and errors do.
#pragma once

#include "apps/mock_llm/mock_llm_answer.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::mock_llm {

/// A POST, as far as interfaces look at it.
struct posted {
  std::string_view target;
  std::string_view body;
  std::function<std::string_view(std::string_view name)> header; ///< empty: there is none
};

struct refusal {
  std::uint32_t status = 400;
  std::string message;
};

/// Nothing: the target is no chat's.
using chat_reading = std::variant<std::monostate, chat_request, refusal>;

struct chat_api {
  /// Refuses what the provider would.
  chat_reading (*read)(const options& how, const posted& request);

  answer_body (*whole)(const chat_request& request, std::string_view text, const plan& what,
                       std::uint64_t number, std::int64_t created, std::string_view members);
  std::vector<std::string> (*events)(const chat_request& request, std::string_view text, std::uint64_t number,
                                     std::int64_t created, const plan& what);
  std::string_view stream_type;

  std::string (*error)(std::uint32_t status, std::string_view message);
  std::string (*error_headers)(std::uint32_t status) = nullptr; ///< whole lines
  std::uint32_t filter_status = 200; ///< with which a content filter refuses; 200: in the answer
};

const chat_api& api_of(api_form form) noexcept;

extern const chat_api anthropic_api;
extern const chat_api gemini_api;
extern const chat_api bedrock_api;

// -- what they share

/// What a status is called by a provider.
struct named_status {
  std::uint32_t status;
  std::string_view name;
};

inline constexpr std::string_view filtered_message = "The response was filtered by a content policy.";

/// The one tool to be called, by its name; empty: none. `tools` are in the order of the request.
std::string chosen_tool(const std::vector<std::string>& tools, std::string_view named);

/// The texts of a JSON list.
std::vector<std::string> texts_of(const boost::json::value* list);

/// A positive integer, else 0.
std::uint64_t count_of(const boost::json::value* value);

/// The first member of `object` that is none of `known`; empty: there is none.
std::string_view find_unknown(const boost::json::object& object, std::span<const std::string_view> known);

/// An event stream's event; `name` may be empty.
std::string sse_event(std::string_view name, const boost::json::object& data);

/// `text` in pieces of about a token.
std::vector<std::string> pieces_of(std::string_view text);

} // namespace guardrails::mock_llm
