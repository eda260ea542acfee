// The classes that the content class check tells apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace guardrails::checks::semantic {

/// What a text may be; the order is that of the messages.
enum class content_class : std::uint8_t {
  jailbreak,
  malicious,
  prompt_injection,
  malicious_code_injection,
  harmful,
  hallucination,
};

inline constexpr std::size_t class_count = 6;
inline constexpr std::array<std::string_view, class_count> class_names{
  "jailbreak", "malicious", "prompt_injection", "malicious_code_injection", "harmful", "hallucination"};

constexpr std::string_view name_of(content_class c) noexcept {
  return class_names[static_cast<std::size_t>(c)];
}

} // namespace guardrails::checks::semantic
