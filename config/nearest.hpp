// The known name nearest to a misspelled one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace guardrails::config {

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate within a third of the word's length, upper case and hyphens forgiven; empty when there is
/// none.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace guardrails::config
