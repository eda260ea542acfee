// Everything follows from the rows in order of their scores.
#include "train/score_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guardrails::train {

namespace {

double number(std::size_t count) noexcept {
  return static_cast<double>(count);
}

std::optional<double> ratio(std::size_t part, std::size_t whole) noexcept {
  if (whole == 0)
    return std::nullopt;
  return number(part) / number(whole);
}

// Rows are flagged where they were passed before.
void flag(confusion& counts, bool y) noexcept {
  if (y) {
    ++counts.true_positives;
    --counts.false_negatives;
  } else {
    ++counts.false_positives;
    --counts.true_negatives;
  }
}

} // namespace

std::optional<double> confusion::precision() const noexcept {
  return ratio(true_positives, true_positives + false_positives);
}

std::optional<double> confusion::recall() const noexcept {
  return ratio(true_positives, positives());
}

std::optional<double> confusion::false_positive_rate() const noexcept {
  return ratio(false_positives, negatives());
}

std::optional<double> confusion::accuracy() const noexcept {
  return ratio(true_positives + true_negatives, rows());
}

std::optional<double> confusion::f1() const noexcept {
  return ratio(2 * true_positives, 2 * true_positives + false_positives + false_negatives);
}

confusion confusion_at(std::span<const outcome> rows, double threshold) noexcept {
  confusion counts;
  for (const auto& row : rows) {
    ++(row.y ? counts.false_negatives : counts.true_negatives);
    if (row.score >= threshold)
      flag(counts, row.y);
  }
  return counts;
}

score_curve::score_curve(std::span<const outcome> rows) {
  constexpr auto beyond_all = std::numeric_limits<double>::infinity();
  std::vector<outcome> falling{rows.begin(), rows.end()};
  std::ranges::sort(falling, std::ranges::greater{}, &outcome::score);
  points_.push_back({beyond_all, confusion_at(rows, beyond_all)});
  for (const auto& row : falling) {
    if (row.score != points_.back().threshold)
      points_.push_back({row.score, points_.back().counts});
    flag(points_.back().counts, row.y);
  }
}

std::optional<double> score_curve::auroc() const noexcept {
  const auto& all = points_.back().counts;
  if (all.positives() == 0 || all.negatives() == 0)
    return std::nullopt;
  double ordered_pairs = 0;
  for (std::size_t i = 1; i < points_.size(); ++i) {
    const auto& before = points_[i - 1].counts;
    const auto& here = points_[i].counts;
    const auto positives = number(here.true_positives - before.true_positives);
    const auto tied = number(here.false_positives - before.false_positives);
    ordered_pairs += positives * (number(here.true_negatives) + tied / 2);
  }
  return ordered_pairs / number(all.positives()) / number(all.negatives());
}

std::optional<double> score_curve::auprc() const noexcept {
  const auto positives = points_.back().counts.positives();
  if (positives == 0)
    return std::nullopt;
  double area = 0;
  for (std::size_t i = 1; i < points_.size(); ++i) {
    const auto gained = points_[i].counts.true_positives - points_[i - 1].counts.true_positives;
    area += number(gained) * points_[i].counts.precision().value_or(0);
  }
  return area / number(positives);
}

std::optional<operating_point> score_curve::best_f1() const noexcept {
  if (points_.back().counts.positives() == 0)
    return std::nullopt;
  return *std::ranges::max_element(points_, {}, [](const operating_point& p) { return p.counts.f1(); });
}

std::optional<operating_point> score_curve::at_one_false_positive_in(std::size_t negatives) const noexcept {
  const auto& all = points_.back().counts;
  if (all.positives() == 0 || all.negatives() == 0)
    return std::nullopt;
  const operating_point* most = nullptr;
  for (const auto& point : points_) {
    if (point.counts.false_positives * negatives > all.negatives())
      break;
    if (most == nullptr || point.counts.true_positives > most->counts.true_positives)
      most = &point;
  }
  return *most; // the first flags nothing
}

std::optional<double> reliability_bin::mean_score() const noexcept {
  if (rows == 0)
    return std::nullopt;
  return score_sum / number(rows);
}

std::optional<double> reliability_bin::positive_share() const noexcept {
  return ratio(positives, rows);
}

std::optional<calibration> calibration_of(std::span<const outcome> rows, std::size_t bins) {
  const auto is_probability = [](const outcome& row) { return row.score >= 0 && row.score <= 1; };
  if (rows.empty() || !std::ranges::all_of(rows, is_probability))
    return std::nullopt;
  calibration result;
  for (std::size_t i = 0; i < bins; ++i)
    result.bins.push_back({number(i) / number(bins), number(i + 1) / number(bins)});
  for (const auto& row : rows) {
    auto& bin = result.bins[std::min(static_cast<std::size_t>(row.score * number(bins)), bins - 1)];
    ++bin.rows;
    bin.positives += row.y ? 1 : 0;
    bin.score_sum += row.score;
  }
  for (const auto& bin : result.bins)
    result.expected_error += std::abs(bin.score_sum - number(bin.positives)) / number(rows.size());
  return result;
}

} // namespace guardrails::train
