// What a model's section says where it says nothing.
#pragma once

#include <guardrails/rails_config.hpp>

namespace guardrails::config {

/// Gives a provider its own address where none was given, without a slash at the end.
void complete_llm(llm_config& llm);

} // namespace guardrails::config
