// What the learned checks ask of a text: one head each, one column of weights each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace guardrails::checks::models {

/// The questions, and after them how to tell apart what a head found. The order is that of the columns.
enum class head : std::uint8_t {
  toxicity,       ///< toxic or offensive
  injection,      ///< in a user's text: a jailbreak or an injected instruction
  injection_data, ///< in data: a sentence that tells an assistant to do what its user did not ask for
  harmful,        ///< a request for something harmful or malicious
  code_injection, ///< SQL, shell, script or template code meant to be run where it does not belong
  complied,       ///< in an answer: did as a harmful request asked
  hedge,          ///< in an answer: asserts what it says it is not sure of
  toxic,          ///< toxic rather than offensive
  threat,
  sexual,
  self_harm,
  hate,
  jailbreak, ///< a jailbreak rather than an injected instruction
  malicious, ///< malicious rather than harmful
};

inline constexpr std::size_t head_count = 14;

/// The heads whose probabilities are reported; the others refine one of them.
inline constexpr std::size_t reported_heads = 7;

inline constexpr std::array<std::string_view, head_count> head_names{
  "toxicity", "injection", "injection_data", "harmful",   "code_injection", "complied",  "hedge",
  "toxic",    "threat",    "sexual",         "self_harm", "hate",           "jailbreak", "malicious"};

constexpr std::size_t index_of(head h) noexcept {
  return static_cast<std::size_t>(h);
}

constexpr std::string_view name_of(head h) noexcept {
  return head_names[index_of(h)];
}

constexpr std::optional<head> head_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < head_count; ++i)
    if (head_names[i] == name)
      return static_cast<head>(i);
  return std::nullopt;
}

/// The head that a refining one refines; itself for the others.
constexpr head refined_by(head h) noexcept {
  switch (h) {
  case head::toxic:
  case head::threat:
  case head::sexual:
  case head::self_harm:
  case head::hate:
    return head::toxicity;
  case head::jailbreak:
    return head::injection;
  case head::malicious:
    return head::harmful;
  default:
    return h;
  }
}

} // namespace guardrails::checks::models
