// The best labels of a window of tokens, and how sure they are.
#pragma once

#include "checks/tagger/model.hpp"

#include <cstddef>
#include <span>

namespace guardrails::checks::tagger {

/// The labels of highest total score (A. J. Viterbi, 1967). `tokens` and `best` have the same length, at most
/// token_looks::most_tokens.
void decode(const model& weights, std::span<const scores> tokens, std::span<label> best) noexcept;

/// Probability that tokens [begin, end) belong to the entity that `best` gives them: the least one of its
/// tokens', over all labels of these tokens and two neighbours on either side, given the labels of the rest
/// (forward and backward sums of the conditional random field).
double certainty(const model& weights, std::span<const scores> tokens, std::span<const label> best,
                 std::size_t begin, std::size_t end) noexcept;

} // namespace guardrails::checks::tagger
