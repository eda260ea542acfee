// Looks a second time at where a head is surest of a text.
#include "checks/models/head_finding.hpp"

namespace guardrails::checks::models {

finding head_finding(std::string_view check, std::string_view label, const head_model& model, head of,
                     std::string_view text, const head_scores& scores, double threshold,
                     finding_action action) {
  const auto why = explain(text, model, of, scores);
  finding f;
  f.check = check;
  f.label = label;
  f.score = static_cast<double>(scores[of]);
  f.threshold = threshold;
  f.action = action;
  f.span = {why.window.begin, why.window.end};
  for (const auto& g : why.grams)
    f.why.ngrams.emplace_back(text.substr(g.where.begin, g.where.end - g.where.begin));
  f.model_version = model.version();
  return f;
}

} // namespace guardrails::checks::models
