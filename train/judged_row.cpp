// Copies what is needed of a row, but never its text.
#include "train/judged_row.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace guardrails::train {

judged_row with_score(const labelled_text& row, double score) {
  if (!std::isfinite(score))
    throw std::runtime_error{"a score is no number"};
  judged_row scored{{score, row.positive}, {}};
  scored[row_trait::source] = row.source;
  scored[row_trait::lang] = row.lang;
  scored[row_trait::label] = row.label;
  scored[row_trait::style] = row.style;
  if (row.channel)
    scored[row_trait::channel] = name_of(*row.channel);
  return scored;
}

std::vector<judged_row> score_rows(std::span<const labelled_text> rows, const text_scorer& score,
                                   checks::text_channel channel) {
  std::vector<judged_row> scored;
  scored.reserve(rows.size());
  for (const auto& row : rows)
    scored.push_back(with_score(row, score(row.text, row.channel.value_or(channel))));
  return scored;
}

std::vector<outcome> outcomes(std::span<const judged_row> rows) {
  std::vector<outcome> all(rows.size());
  std::ranges::transform(rows, all.begin(), &judged_row::result);
  return all;
}

std::map<std::string, std::vector<outcome>> slices(std::span<const judged_row> rows, row_trait trait) {
  std::map<std::string, std::vector<outcome>> slices;
  for (const auto& row : rows)
    slices[row[trait]].push_back(row.result);
  return slices;
}

} // namespace guardrails::train
