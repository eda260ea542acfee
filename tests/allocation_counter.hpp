// Counts what a program takes from the heap; for programs that link allocation_counter.cpp, which replaces
// operator new.
#pragma once

#include <cstddef>

namespace guardrails::tests {

/// Calls of operator new by this thread so far.
std::size_t allocations() noexcept;

} // namespace guardrails::tests
