// What the heads say about a text that comes in pieces as it was written.
#pragma once

#include "checks/models/head_scorer.hpp"
#include "checks/normalised_stream.hpp"

namespace guardrails::checks::models {

/// Judges a text that comes in chunks, cut anywhere, also within characters: what it says is what score()
/// says of the whole (normalised_stream.hpp knows the one exception). What it keeps does not grow with the
/// text.
class raw_stream_scorer {
public:
  explicit raw_stream_scorer(const head_model& weights) noexcept
    : scorer_{weights} {}

  void feed(std::string_view chunk);
  head_scores finish();

private:
  normalised_stream normalised_;
  stream_scorer scorer_;
};

} // namespace guardrails::checks::models
