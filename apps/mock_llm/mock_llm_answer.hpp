// What the mock upstream makes of one chat request: a plan (which fault, how long) and the bytes of the
// answer.
#pragma once

#include "apps/mock_llm/mock_llm_options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::mock_llm {

/// The parts of a chat request that the mock looks at.
struct chat_request {
  std::string model;
  std::string last_user;
  std::uint64_t prompt_tokens = 0;
  bool stream = false;
  bool include_usage = false; ///< stream_options.include_usage
  std::uint64_t choices = 1;  ///< n
  std::vector<std::string> stop;
  std::uint64_t most_tokens = 0; ///< max_tokens or max_completion_tokens; 0: no limit
  std::string tool;              ///< to be called; empty: none
};

/// Empty if `body` is not a chat request: no JSON, or without `messages`.
std::optional<chat_request> parse_chat_request(std::string_view body);

enum class fault : std::uint8_t {
  none,
  status,     ///< an error in OpenAI's form
  cut,        ///< the connection closes in the middle of the body
  hang,       ///< no answer ever
  html,       ///< 200 with a web page, as a captive portal sends it
  no_choices, ///< 200 without choices
  filtered,   ///< the provider's content filter leaves nothing
  broken_off, ///< a stream ends with an error of the provider's, in its middle; other answers are well
};

/// What happens to one request.
struct plan {
  mock_llm::fault fault = fault::none;
  std::uint32_t status = 200;
  std::chrono::milliseconds delay{0};
  std::uint64_t body_bytes = 0; ///< pad to this size
};

/// Decides from the seed and the request's `number` (counted from 0) alone, so that a run can be repeated.
/// Models named `mock-<status>`, `mock-hang`, `mock-cut`, `mock-html`, `mock-no-choices`, `mock-filtered`,
/// `mock-broken-off` and `mock-huge` decide themselves.
plan plan_request(const options& how, std::string_view model, std::uint64_t number);

/// A body of `head`, `padding` letters and `tail`: large answers are never held in memory.
struct answer_body {
  std::string head;
  std::uint64_t padding = 0;
  std::string tail;

  std::uint64_t size() const noexcept { return head.size() + padding + tail.size(); }
};

/// What an answer says, and why it ends there.
struct said_text {
  std::string_view text;
  std::string_view reason; ///< `stop` or `length`
};

/// `text` up to the first of the request's stops, and of as many tokens as it allows.
said_text cut_text(const chat_request& request, std::string_view text);

/// The beginning of `text` that is about a token: a word and the space in front of it.
std::string_view next_piece(std::string_view text) noexcept;

/// What the tool is called with: `text`, where it is a JSON object, else `{"text": …}`.
std::string call_arguments(std::string_view text);

/// The text of answer `number`: from the script, fixed, or the echo.
std::string_view answer_text(const options& how, const chat_request& request, std::uint64_t number);

/// A whole chat completion; `created` is in Unix seconds, `members` stand in the choice, each with a comma
/// behind it. Of several choices all but the first end with their number, as in ` (2)`; a request with a tool
/// to be called is answered with the call.
answer_body completion_body(const chat_request& request, std::string_view text, const plan& what,
                            std::uint64_t number, std::int64_t created, std::string_view members = {});

/// The same as server-sent events, one string per event, `[DONE]` last.
std::vector<std::string> completion_events(const chat_request& request, std::string_view text,
                                           std::uint64_t number, std::int64_t created, const plan& what = {});

/// An error in OpenAI's form.
std::string error_body(std::uint32_t status, std::string_view message);

} // namespace guardrails::mock_llm
