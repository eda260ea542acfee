// Token counts as answers and streams have them.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/json/value.hpp>

#include <cstdint>

namespace guardrails::llm {

/// A count as any provider may write it; what is no sensible count is none.
std::uint64_t count_of(const boost::json::value* value);

/// Usage of which both counts are known.
token_usage usage_of(std::uint64_t prompt, std::uint64_t completion);

/// What a `usage` object says; zeros where there is none, or no sensible count.
token_usage openai_usage(const boost::json::value* value);

} // namespace guardrails::llm
