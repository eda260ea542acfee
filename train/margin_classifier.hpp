// A linear support vector machine over n-grams, whose score of a text is that of its greatest window.
#pragma once

#include "train/gram_text.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace guardrails::train {

struct margin_row {
  const gram_text* text = nullptr;
  bool positive = false;
  bool in_part = false; ///< only some window of it is what it was labelled for, whichever
  float weight = 1;
};

struct margin_weights {
  std::vector<float> of_bucket;
  float bias = 0;

  float score(std::span<const std::uint32_t> buckets) const;

  /// Of the greatest window; the bias where there is none.
  float score(const gram_text& text) const;
};

struct margin_settings {
  std::uint64_t seed = 1;
  unsigned bucket_bits = 17;
  double cost = 3;         ///< of a row on the wrong side
  double class_weight = 1; ///< of positive rows against negative ones
  double rarity = 1;       ///< how much more rare n-grams count: exponent of their inverse document frequency
  double contrast = 0.3;   ///< how much more those do that one class has: exponent of their log-count ratio
  unsigned passes = 15;    ///< over the rows, at most
};

/// Fits weights, and returns with them the passes it took. With `held_out` rows, it stops where their loss
/// does not fall any more. The same rows in the same order and the same seed give the same weights.
struct margin_fit {
  margin_weights weights;
  unsigned passes = 0;
};
margin_fit fit_margin(std::span<const margin_row> rows, const margin_settings& how,
                      std::span<const margin_row> held_out = {});

} // namespace guardrails::train
