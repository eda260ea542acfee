// Asks RE2 how long its programs are.
#include "checks/policy_size.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace guardrails::checks {

namespace {

constexpr std::size_t instruction_bytes = 8; // of a program as RE2 keeps it

/// RE2 says -1 of what it refuses.
std::size_t instructions(int reported) noexcept {
  return static_cast<std::size_t>(std::max(reported, 0));
}

} // namespace

void policy_size::add_words(std::size_t count, std::size_t bytes) {
  words += count;
  word_bytes += bytes;
}

void policy_size::add_patterns(std::span<const pattern> patterns) {
  for (const auto& p : patterns) {
    const RE2 compiled{p.expression, RE2::Quiet};
    ++(p.origin == pattern_origin::built_in ? built_in_patterns : user_patterns);
    forward_instructions += instructions(compiled.ProgramSize());
    reverse_instructions += instructions(compiled.ReverseProgramSize());
  }
}

std::size_t policy_size::pattern_bytes() const noexcept {
  return (2 * forward_instructions + reverse_instructions) * instruction_bytes;
}

} // namespace guardrails::checks
