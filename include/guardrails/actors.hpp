// The typed interfaces and the messages that travel between actors.
#pragma once
#include <guardrails/caf.hpp>
#include <guardrails/generation.hpp>
CAF_BEGIN_TYPE_ID_BLOCK(guardrails, caf::first_custom_type_id)
  CAF_ADD_TYPE_ID(guardrails, (guardrails::generation))
CAF_END_TYPE_ID_BLOCK(guardrails)
