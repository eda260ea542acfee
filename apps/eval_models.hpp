// The models that `eval` scores.
#pragma once

#include "apps/eval_heads.hpp"

namespace guardrails::apps {

/// The heads this build carries, or those of the file named. There is no model of topics.
head_models eval_models();

} // namespace guardrails::apps
