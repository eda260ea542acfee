// Replaces operator new by one that counts. The aligned forms are left alone: nothing here uses them.
#include "tests/allocation_counter.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t count = 0;

} // namespace

namespace guardrails::tests {

std::size_t allocations() noexcept {
  return count;
}

} // namespace guardrails::tests

void* operator new(std::size_t bytes) {
  ++count;
  if (auto* memory = std::malloc(bytes == 0 ? 1 : bytes))
    return memory;
  throw std::bad_alloc{};
}

// Freed by the same operator delete.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(bytes == 0 ? 1 : bytes);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
