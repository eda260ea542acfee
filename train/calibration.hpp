// From margins to probabilities (J. Platt, 1999).
#pragma once

#include <span>

namespace guardrails::train {

struct scored_row {
  double margin = 0;
  bool positive = false;
  double weight = 1;
};

/// probability = 1 / (1 + exp(-(slope × margin + offset)))
struct logistic_curve {
  double slope = 1;
  double offset = 0;

  double operator()(double margin) const;
};

/// The curve of the greatest likelihood where `positive_share` of all texts are positive, whatever the share
/// of the rows. The slope is never negative.
logistic_curve calibrate(std::span<const scored_row> rows, double positive_share);

} // namespace guardrails::train
