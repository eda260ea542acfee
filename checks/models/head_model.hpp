// The weights of the heads: how they lie in a file, and the reading and writing of it.
#pragma once

#include "checks/models/heads.hpp"
#include "checks/models/model_bytes.hpp"

#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace guardrails::checks::models {

/// Weights of one n-gram: a column for each head. Four rows share a cache line, each lies in one.
inline constexpr std::size_t row_width = 16;
using weight_row = std::array<std::int8_t, row_width>;

/// Long windows have more n-grams and so greater sums, short ones are less certain.
inline float evenness(std::uint32_t grams) noexcept {
  return 1.0F / std::sqrt(static_cast<float>(grams) + 100.0F);
}

/// How the sum of a window's weights becomes a probability: the logistic function of
/// gain × sum × evenness + offset.
struct head_scale {
  float gain = 0;
  float offset = 0;
  float threshold = 0.5F; ///< from which probability on the head is taken to say yes, unless told otherwise

  friend bool operator==(const head_scale&, const head_scale&) = default;
};

/// What a file holds.
struct model_contents {
  std::bitset<head_count> heads;
  std::array<head_scale, head_count> scales{};
  std::vector<weight_row> weights; ///< as many as a power of two
};

/// A trained model, read-only. Copies share its bytes.
class head_model {
public:
  static constexpr unsigned least_bucket_bits = 8;
  static constexpr unsigned most_bucket_bits = 19;

  /// Reads what write() wrote. `bytes` must outlive the model. Throws model_error for anything else, for
  /// bytes damaged on the way, and for a model that was trained with other n-grams.
  explicit head_model(std::span<const std::uint8_t> bytes);

  /// The same, with bytes that are kept as long as a copy of the model.
  static head_model keeping(std::vector<std::uint8_t> bytes);

  const std::uint8_t* row(std::uint32_t hash) const noexcept {
    return weights_.data() + static_cast<std::size_t>(hash >> shift_) * row_width;
  }

  bool has(head h) const noexcept { return heads_[index_of(h)]; }
  const head_scale& scale(head h) const noexcept { return scales_[index_of(h)]; }

  /// Names these weights and no others, as 12 hexadecimal digits.
  const std::string& version() const noexcept { return version_; }

  model_contents contents() const;

private:
  void check_header(std::span<const std::uint8_t> bytes) const;

  std::bitset<head_count> heads_;
  std::array<head_scale, head_count> scales_{};
  std::span<const std::uint8_t> weights_;
  unsigned shift_ = 0;
  std::string version_;
  std::shared_ptr<const std::vector<std::uint8_t>> kept_; // null: somebody else keeps the bytes
};

/// The file's bytes.
std::vector<std::uint8_t> write(const model_contents& contents);

/// One model with the heads of all, of which none may occur twice. Throws model_error.
model_contents join(std::span<const model_contents> parts);

/// `base` with the heads of `own` in place of its own or beside them. Throws model_error where their sizes
/// differ.
model_contents replace_heads(const model_contents& base, const model_contents& own);

/// The heads that are part of this build (checks/models/README.md).
const head_model& embedded_heads();

} // namespace guardrails::checks::models
