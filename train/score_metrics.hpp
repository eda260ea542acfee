// How well scores tell two classes apart, and whether they can be read as probabilities. A figure that the
// rows do not define, such as the recall of no positives, is absent.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace guardrails::train {

/// A score and what it should have told.
struct outcome {
  double score = 0; ///< finite
  bool y = false;
};

/// Rows by what they are and by whether they were flagged.
struct confusion {
  std::size_t true_positives = 0;
  std::size_t false_positives = 0;
  std::size_t true_negatives = 0;
  std::size_t false_negatives = 0;

  std::size_t positives() const noexcept { return true_positives + false_negatives; }
  std::size_t negatives() const noexcept { return false_positives + true_negatives; }
  std::size_t rows() const noexcept { return positives() + negatives(); }

  std::optional<double> precision() const noexcept;
  std::optional<double> recall() const noexcept;
  std::optional<double> false_positive_rate() const noexcept;
  std::optional<double> accuracy() const noexcept;
  std::optional<double> f1() const noexcept;

  friend bool operator==(const confusion&, const confusion&) = default;
};

/// Rows that score `threshold` or more are flagged.
confusion confusion_at(std::span<const outcome> rows, double threshold) noexcept;

/// A threshold and what it flags.
struct operating_point {
  double threshold = 0; ///< infinite where nothing is flagged
  confusion counts;
};

/// Every threshold that makes a difference. Rows of one score are flagged together or not at all.
class score_curve {
public:
  explicit score_curve(std::span<const outcome> rows);

  /// The chance that a positive scores higher than a negative, a tie being half of it.
  std::optional<double> auroc() const noexcept;

  /// The area under precision over recall, as a sum of steps (average precision).
  std::optional<double> auprc() const noexcept;

  /// The highest threshold with the best F1.
  std::optional<operating_point> best_f1() const noexcept;

  /// The point of most recall that flags at most one negative in `negatives`: 100 for a false positive rate
  /// of 1 %. Absent where one of the classes is.
  std::optional<operating_point> at_one_false_positive_in(std::size_t negatives) const noexcept;

private:
  std::vector<operating_point> points_; ///< thresholds fall; the first flags nothing, the last everything
};

/// Rows with scores of one range.
struct reliability_bin {
  double begin = 0;
  double end = 0;
  std::size_t rows = 0;
  std::size_t positives = 0;
  double score_sum = 0;

  std::optional<double> mean_score() const noexcept;
  std::optional<double> positive_share() const noexcept;
};

struct calibration {
  std::vector<reliability_bin> bins; ///< of equal width; 1 lies in the last
  double expected_error = 0;         ///< mean distance of mean score and share of positives, by rows
};

/// Absent without rows, and where a score lies outside of 0 to 1 and so is no probability.
std::optional<calibration> calibration_of(std::span<const outcome> rows, std::size_t bins = 10);

} // namespace guardrails::train
