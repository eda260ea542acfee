// What a configuration says of classes, as the similarity of texts takes it.
#pragma once

#include "checks/similarity/class_set.hpp"

#include <guardrails/rails_config.hpp>

namespace guardrails::checks {

/// The topics that are allowed, in their order. Takes milliseconds for each.
similarity::class_set allowed_topics(const guardrails_config& config, const similarity::encoder& by);

/// The classes of the user's own.
similarity::class_set own_routes(const guardrails_config& config, const similarity::encoder& by);

} // namespace guardrails::checks
