// The words before a hit, which make it likelier or unlikelier.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// Tokens looked at before a hit, as in Presidio's context enhancer, and the bytes searched for them at most.
inline constexpr std::size_t context_tokens = 5;
inline constexpr std::size_t context_bytes = 256;

/// Up to five words that precede byte `begin`, case-folded, nearest first.
std::vector<std::string> words_before(std::string_view text, std::size_t begin);

/// A word as words_before gives it: case-folded.
std::string folded(std::string_view word);

/// The words of `known` that occur among `words`. A known word in a script without spaces may be a part of a
/// word.
std::vector<std::string> find_context(std::span<const std::string> words, std::span<const std::string> known);

/// True when the nearest words call what follows an order, invoice or serial number.
bool names_other_number(std::span<const std::string> words);

} // namespace guardrails::checks
