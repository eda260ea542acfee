// The tagger's weights: how they lie in a file, and the reading and writing of it.
#pragma once

#include "checks/tagger/features.hpp"
#include "checks/tagger/labels.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <vector>

namespace guardrails::checks::tagger {

/// Bytes that are no model, or one for another build.
class model_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Labels in a row of weights; those past label_count are 0, so that a row fits a vector register.
inline constexpr std::size_t row_width = 16;

/// One number for each label, in units of the model.
using scores = std::array<std::int16_t, row_width>;

/// One factor for each label.
using label_factors = std::array<float, row_width>;

/// What a file holds, in its own words; the order is that of the file.
struct model_contents {
  std::uint32_t units_per_one = 0; ///< 1 in the scale of probabilities' logarithms
  std::array<std::array<std::int16_t, label_count>, label_count> transitions{}; ///< [from][to]
  std::vector<std::uint8_t> usual_words;                                        ///< vocabulary::bytes
  std::vector<std::int8_t> weights; ///< rows of row_width, as many as a power of two
};

/// A trained model, read-only. Copies share its bytes.
class model {
public:
  static constexpr unsigned least_bucket_bits = 8;
  static constexpr unsigned most_bucket_bits = 17;
  static constexpr std::int16_t most_transition = 500; ///< in units, either way
  static constexpr std::uint32_t most_units_per_one = 64;
  static constexpr std::int16_t forbidden = -12'000; ///< transition that no weights outweigh

  /// Reads what write() wrote. `bytes` must outlive the model. Throws model_error for anything else, for
  /// bytes damaged on the way, and for a model that was trained with other features or lists.
  explicit model(std::span<const std::uint8_t> bytes);

  /// Adds the weights of the features up.
  scores score(const token_features& features) const noexcept;

  /// From one label to all others; from row_width - 1: at the start of a text.
  const scores& transitions(label from) const noexcept { return transitions_[from]; }

  /// The greatest of the transitions to a label.
  std::int16_t greatest_transition(label to) const noexcept { return greatest_transitions_[to]; }

  /// The same as factors of probabilities, and turned around: from all labels to one.
  const label_factors& factors_from(label from) const noexcept { return factors_from_[from]; }
  const label_factors& factors_to(label to) const noexcept { return factors_to_[to]; }

  /// A score that lies `below` units (≥ 0) under another one, as a factor of its probability.
  float factor(int below) const noexcept {
    return static_cast<std::size_t>(below) < powers_.size() ? powers_[static_cast<std::size_t>(below)] : 0.0F;
  }

  const vocabulary& usual_words() const noexcept { return usual_words_; }
  const gazetteers& lists() const noexcept { return lists_; }
  std::uint32_t units_per_one() const noexcept { return units_per_one_; }

private:
  void fill_factors();

  std::reference_wrapper<const gazetteers> lists_ = gazetteers::all();
  vocabulary usual_words_;
  std::array<scores, row_width> transitions_{};
  scores greatest_transitions_{};
  std::array<label_factors, row_width> factors_from_{};
  std::array<label_factors, row_width> factors_to_{};
  std::array<float, 16 * most_units_per_one> powers_{}; // down to e^-16 or less
  std::uint32_t units_per_one_ = 1;
  std::uint32_t bucket_mask_ = 0;
  std::span<const std::uint8_t> weights_;
};

/// The file's bytes.
std::vector<std::uint8_t> write(const model_contents& contents);

/// The model that is part of this build (checks/models/README.md).
model embedded_model();

} // namespace guardrails::checks::tagger
