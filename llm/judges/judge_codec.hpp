// Remote judges as a pair of pure functions: texts → HTTP call, HTTP answer → verdicts.
#pragma once

#include "llm/chat_codec.hpp"

#include <guardrails/judging.hpp>
#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::llm {

/// A text to judge, which is valid UTF-8.
struct judged_text {
  std::string_view text;
  bool is_answer = false; ///< a model's, not a user's
};

/// Texts that one call may be about.
std::size_t most_texts(const judge_config& config) noexcept;

/// The call about `texts`, of which there are at least one and at most most_texts(). Nothing in a text can
/// pass for a part of what is around it.
http_call encode_judge(const judge_config& config, judge_subject subject, std::span<const judged_text> texts);

/// One verdict for each of so many texts in their order, or a failure: `judge_status` (not 2xx) or
/// `judge_malformed`, which names the place. It quotes nothing of the body.
std::variant<std::vector<judge_verdict>, judge_failure> decode_judge(const judge_config& config,
                                                                     judge_subject subject, std::size_t texts,
                                                                     std::uint32_t status,
                                                                     std::string_view body);

} // namespace guardrails::llm
