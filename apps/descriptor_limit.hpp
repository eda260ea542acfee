// How many files and sockets the program may have open.
#pragma once

#include <cstddef>

namespace guardrails::apps {

/// Raises this process's limit as far as it may itself, and returns it.
std::size_t raise_descriptor_limit();

} // namespace guardrails::apps
