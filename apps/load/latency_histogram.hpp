// Durations counted in buckets whose width grows with them: any number of samples in constant memory.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace guardrails::load {

/// Quantiles are within 0.4 % of a sample (and within 1 ns) up to 2.4 hours; what is longer counts as that.
/// Count, least, greatest and mean are those of the samples themselves.
class latency_histogram {
public:
  /// A negative sample counts as none at all: 0.
  void add(std::chrono::nanoseconds sample) noexcept;

  /// As if every sample of `other` had been added here.
  void merge(const latency_histogram& other) noexcept;

  std::uint64_t count() const noexcept { return count_; }

  /// The least sample that at least `share` (0..1) of the samples do not exceed; 0 without samples.
  std::chrono::nanoseconds quantile(double share) const noexcept;

  std::chrono::nanoseconds least() const noexcept { return std::chrono::nanoseconds{count_ ? least_ : 0}; }
  std::chrono::nanoseconds greatest() const noexcept { return std::chrono::nanoseconds{greatest_}; }
  std::chrono::nanoseconds mean() const noexcept;

private:
  // A power of two is cut into 128 buckets; below 256 ns each value has its own.
  static constexpr int steps_bits = 7;
  static constexpr int widest_bits = 43;
  static constexpr std::size_t buckets = ((widest_bits - steps_bits) << steps_bits) + (1 << steps_bits);

  static std::size_t bucket_of(std::int64_t value) noexcept;
  static std::int64_t middle_of(std::size_t bucket) noexcept;

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::int64_t least_ = INT64_MAX;
  std::int64_t greatest_ = 0;
  double sum_ = 0;
};

} // namespace guardrails::load
