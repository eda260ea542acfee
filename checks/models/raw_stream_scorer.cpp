// Normalises what comes, and scores what is settled.
#include "checks/models/raw_stream_scorer.hpp"

namespace guardrails::checks::models {

void raw_stream_scorer::feed(std::string_view chunk) {
  for (; chunk.size() > normalised_stream::most_held; chunk.remove_prefix(normalised_stream::most_held))
    normalised_.feed(chunk.substr(0, normalised_stream::most_held),
                     [this](std::string_view settled) { scorer_.feed(settled); });
  normalised_.feed(chunk, [this](std::string_view settled) { scorer_.feed(settled); });
}

head_scores raw_stream_scorer::finish() {
  normalised_.finish([this](std::string_view settled) { scorer_.feed(settled); });
  return scorer_.finish();
}

} // namespace guardrails::checks::models
