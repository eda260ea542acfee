// The mock upstream as a judge: moderation requests, and verdicts in the formats of guard models.
#pragma once

#include "apps/mock_llm/mock_llm_answer.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::mock_llm {

struct moderation_request {
  std::string model;
  std::vector<std::string> texts;
};

/// Empty if `body` is not a moderation request: no JSON, or without an `input` of one or more texts.
std::optional<moderation_request> parse_moderation_request(std::string_view body);

/// One result for each text; with the fault no_choices there are none.
std::string moderation_body(const options& how, const moderation_request& request, const plan& what,
                            std::uint64_t number);

/// A verdict on the last message of a chat request.
struct chat_verdict {
  std::string text;
  std::string logprobs; ///< a member of the choice, with a comma behind it; empty: the format has none
};

chat_verdict verdict_on(const options& how, std::string_view body);

} // namespace guardrails::mock_llm
