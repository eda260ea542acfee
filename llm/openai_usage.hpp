// Token counts as OpenAI's answers and streams have them.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/json/value.hpp>

namespace guardrails::llm {

/// What a `usage` object says; zeros where there is none, or no sensible count.
token_usage openai_usage(const boost::json::value* value);

} // namespace guardrails::llm
