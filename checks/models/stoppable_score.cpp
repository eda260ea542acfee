// A stream's score is that of the whole text, so a text may be fed in pieces.
#include "checks/models/stoppable_score.hpp"

namespace guardrails::checks::models {

head_scores score_until(std::string_view text, const head_model& weights, const stop_function& stop) {
  stream_scorer scorer{weights};
  for (; text.size() > stop_bytes; text.remove_prefix(stop_bytes)) {
    scorer.feed(text.substr(0, stop_bytes));
    if (stop && stop())
      return scorer.finish();
  }
  scorer.feed(text);
  return scorer.finish();
}

} // namespace guardrails::checks::models
