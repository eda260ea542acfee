// Forward and backward sums over all labels and over the allowed ones; their difference is the gradient.
#include "train/sequence_model.hpp"

#include <algorithm>
#include <cmath>

namespace guardrails::train {

using namespace checks::tagger;

/// Everything about the labels of one window.
struct sequence_model::lattice {
  static constexpr auto most = token_looks::most_tokens;

  std::array<row, most> token;   // factors
  std::array<row, most> forward; // each sums to 1
  std::array<row, most> backward;
  std::array<float, most> scale;
  matrix step;                    // factors of transitions
  std::array<row, most> gradient; // by token
  matrix transition_gradient;
};

namespace {

float sum_of(const auto& r) noexcept {
  float sum = 0;
  for (const auto v : r)
    sum += v;
  return sum;
}

} // namespace

sequence_model::sequence_model(unsigned bucket_bits, settings chosen)
  : settings_{chosen}
  , weights_(std::size_t{1} << bucket_bits)
  , squares_(weights_.size()) {}

void sequence_model::score(std::span<const training_token> window, lattice& of) const {
  for (std::size_t i = 0; i < window.size(); ++i) {
    row sum{};
    for (std::size_t f = 0; f < window[i].used; ++f)
      for (std::size_t l = 0; l < width; ++l)
        sum[l] += weights_[window[i].features[f]][l];
    const auto highest = *std::max_element(sum.begin(), sum.begin() + label_count);
    of.token[i].fill(0);
    for (std::size_t l = 0; l < label_count; ++l)
      of.token[i][l] = std::exp(sum[l] - highest);
  }
  for (label from = 0; from < width; ++from)
    for (label to = 0; to < width; ++to)
      of.step[from][to] = from < label_count && to < label_count && may_follow(from, to)
                            ? std::exp(transitions_[from][to])
                            : 0.0F;
}

// Adds the expected counts, negatively for all labels, positively for the allowed ones. Returns the logarithm
// of the sum over all ways to label the window.
double sequence_model::expect(std::span<const training_token> window, bool allowed_only, lattice& of) const {
  const auto n = window.size();
  const auto sign = allowed_only ? 1.0F : -1.0F;
  const auto factors = [&](std::size_t i) {
    auto r = of.token[i];
    for (label l = 0; allowed_only && l < label_count; ++l)
      if ((window[i].allowed & only(l)) == 0)
        r[l] = 0;
    return r;
  };
  double logarithm = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto token = factors(i);
    auto& at = of.forward[i];
    at.fill(0);
    for (label l = 0; l < label_count; ++l) {
      if (i == 0)
        at[l] = is_inside(l) ? 0.0F : 1.0F;
      else
        for (std::size_t to = 0; to < width; ++to)
          at[to] += of.forward[i - 1][l] * of.step[l][to];
    }
    for (std::size_t l = 0; l < width; ++l)
      at[l] *= token[l];
    of.scale[i] = std::max(sum_of(at), 1e-30F);
    for (auto& v : at)
      v /= of.scale[i];
    logarithm += std::log(static_cast<double>(of.scale[i]));
  }
  of.backward[n - 1].fill(1);
  for (auto i = n - 1; i > 0; --i) {
    auto token = factors(i);
    for (std::size_t l = 0; l < width; ++l)
      token[l] *= of.backward[i][l] / of.scale[i];
    for (label from = 0; from < width; ++from) {
      float sum = 0;
      for (std::size_t to = 0; to < width; ++to) {
        const auto through = of.step[from][to] * token[to];
        sum += through;
        of.transition_gradient[from][to] += sign * of.forward[i - 1][from] * through;
      }
      of.backward[i - 1][from] = sum;
    }
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t l = 0; l < label_count; ++l)
      of.gradient[i][l] += sign * of.forward[i][l] * of.backward[i][l];
  return logarithm;
}

void sequence_model::step(row& weights, row& squares, const row& gradient) const {
  for (std::size_t l = 0; l < width; ++l) {
    squares[l] += gradient[l] * gradient[l];
    weights[l] += settings_.rate * gradient[l] / std::sqrt(squares[l] + 1e-2F) -
                  settings_.decay * weights[l] * (gradient[l] != 0 ? 1.0F : 0.0F);
    weights[l] = std::clamp(weights[l], -settings_.greatest, settings_.greatest);
  }
}

double sequence_model::learn(std::span<const training_token> window) {
  if (window.empty())
    return 0;
  lattice of;
  score(window, of);
  for (std::size_t i = 0; i < window.size(); ++i)
    of.gradient[i].fill(0);
  of.transition_gradient = {};
  const auto all = expect(window, false, of);
  const auto allowed = expect(window, true, of);
  for (std::size_t i = 0; i < window.size(); ++i)
    for (std::size_t f = 0; f < window[i].used; ++f)
      step(weights_[window[i].features[f]], squares_[window[i].features[f]], of.gradient[i]);
  for (std::size_t from = 0; from < label_count; ++from)
    step(transitions_[from], transition_squares_[from], of.transition_gradient[from]);
  return all - allowed;
}

model_contents sequence_model::quantise(std::uint32_t units_per_one) const {
  const auto whole = [&](float weight, int most) {
    return std::clamp(static_cast<int>(std::lround(weight * static_cast<float>(units_per_one))), -most, most);
  };
  model_contents contents;
  contents.units_per_one = units_per_one;
  for (std::size_t from = 0; from < label_count; ++from)
    for (std::size_t to = 0; to < label_count; ++to)
      contents.transitions[from][to] =
        static_cast<std::int16_t>(whole(transitions_[from][to], model::most_transition));
  contents.weights.reserve(weights_.size() * width);
  for (const auto& r : weights_)
    for (const auto weight : r)
      contents.weights.push_back(static_cast<std::int8_t>(whole(weight, 127)));
  return contents;
}

} // namespace guardrails::train
