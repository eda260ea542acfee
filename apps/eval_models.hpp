// The models that `eval` scores.
#pragma once

#include "apps/eval_heads.hpp"

namespace guardrails::apps {

/// The heads and the background this build carries, or those of the file named.
head_models eval_models();

} // namespace guardrails::apps
