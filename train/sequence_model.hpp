// A linear-chain conditional random field while it is trained: weights, gradient, step.
#pragma once

#include "checks/tagger/model.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace guardrails::train {

/// Labels a token may have, as a set of bits; more than one: it is not known which.
using label_set = std::uint16_t;

inline constexpr label_set any_label = (1U << checks::tagger::label_count) - 1;

constexpr label_set only(checks::tagger::label l) noexcept {
  return static_cast<label_set>(1U << l);
}

/// What is known of one token.
struct training_token {
  std::array<std::uint32_t, checks::tagger::feature_count> features{}; ///< buckets
  std::size_t used = 0;                                                ///< of them
  label_set allowed = any_label;
};

/// J. Lafferty, A. McCallum, F. Pereira: Conditional Random Fields (2001), trained by gradient steps of
/// adaptive length (AdaGrad: J. Duchi, E. Hazan, Y. Singer, 2011). Labels that are not known are summed over.
class sequence_model {
public:
  struct settings {
    float rate = 0.1F;     ///< of the first step
    float decay = 1e-4F;   ///< share of a weight lost at each of its steps
    float greatest = 4.0F; ///< absolute value of a weight
  };

  sequence_model(unsigned bucket_bits, settings chosen);

  std::uint32_t bucket_of(std::uint32_t feature) const noexcept {
    return feature & static_cast<std::uint32_t>(weights_.size() - 1);
  }

  /// One step towards what is allowed in a window of at most token_looks::most_tokens tokens. Returns the
  /// negative logarithm of its probability before the step.
  double learn(std::span<const training_token> window);

  /// The weights in whole numbers of 1 / `units_per_one`.
  checks::tagger::model_contents quantise(std::uint32_t units_per_one) const;

private:
  static constexpr std::size_t width = checks::tagger::row_width;
  using row = std::array<float, width>;
  using matrix = std::array<row, width>;
  struct lattice;

  void score(std::span<const training_token> window, lattice& of) const;
  double expect(std::span<const training_token> window, bool allowed_only, lattice& of) const;
  void step(row& weights, row& squares, const row& gradient) const;

  settings settings_;
  std::vector<row> weights_;
  std::vector<row> squares_; // sums of squared gradients
  matrix transitions_{};
  matrix transition_squares_{};
};

} // namespace guardrails::train
