// One call to a remote judge: what is sent, and what its outcome means for the questions in it.
#pragma once

#include "llm/judges/judge_codec.hpp"
#include "net/http_client.hpp"

#include <guardrails/judging.hpp>
#include <guardrails/rails_config.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace guardrails::actors {

/// The judge that a configuration names for a subject.
const judge_config& judge_for(const guardrails_config& config, judge_subject subject) noexcept;

net::http_request judge_request(const judge_config& config, judge_subject subject, std::uint64_t ticket,
                                std::span<const llm::judged_text> texts, std::chrono::milliseconds timeout);

/// A verdict for each of so many texts, or why there are none.
std::variant<std::vector<judge_verdict>, judge_failure> judge_outcome(const judge_config& config,
                                                                      judge_subject subject,
                                                                      std::size_t texts,
                                                                      const net::http_response& response);

/// How long to wait before a failed call is repeated; nothing: it is not.
std::optional<std::chrono::milliseconds> wait_before_judge_retry(const judge_config& config,
                                                                 std::uint32_t attempts,
                                                                 const net::http_response& response,
                                                                 std::chrono::milliseconds remaining,
                                                                 double random);

} // namespace guardrails::actors
