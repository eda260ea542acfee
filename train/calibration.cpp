// Newton's method on two parameters, with Platt's softened targets.
#include "train/calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace guardrails::train {

namespace {

constexpr unsigned most_steps = 50;
constexpr double ridge = 1e-9;

} // namespace

double logistic_curve::operator()(double margin) const {
  return 1 / (1 + std::exp(-(slope * margin + offset)));
}

logistic_curve calibrate(std::span<const scored_row> rows, double positive_share) {
  std::array<double, 2> sums{};
  std::array<double, 2> counts{};
  for (const auto& row : rows) {
    sums[row.positive] += row.weight;
    ++counts[row.positive];
  }
  if (sums[0] <= 0 || sums[1] <= 0)
    return {};
  const std::array<double, 2> shares{1 - positive_share, positive_share};
  const std::array<double, 2> targets{1 / (counts[0] + 2), (counts[1] + 1) / (counts[1] + 2)};
  logistic_curve curve{1, 0};
  for (unsigned step = 0; step < most_steps; ++step) {
    double g0 = 0, g1 = 0, h00 = ridge, h01 = 0, h11 = ridge;
    for (const auto& row : rows) {
      const auto p = curve(row.margin);
      const auto w = shares[row.positive] * row.weight / sums[row.positive];
      const auto d = w * (p - targets[row.positive]);
      const auto v = w * std::max(p * (1 - p), 1e-9);
      g0 += d * row.margin;
      g1 += d;
      h00 += v * row.margin * row.margin;
      h01 += v * row.margin;
      h11 += v;
    }
    const auto determinant = h00 * h11 - h01 * h01;
    const auto slope = (h11 * g0 - h01 * g1) / determinant;
    const auto offset = (h00 * g1 - h01 * g0) / determinant;
    const auto damped = std::min(1.0, 4 / std::max(std::abs(slope) + std::abs(offset), 1e-12));
    curve.slope = std::max(curve.slope - damped * slope, 1e-3);
    curve.offset -= damped * offset;
    if (std::abs(slope) + std::abs(offset) < 1e-8)
      break;
  }
  return curve;
}

} // namespace guardrails::train
