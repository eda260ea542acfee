// Bucket arithmetic: the top eight bits of a value say where it counts.
#include "apps/load/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace guardrails::load {

std::size_t latency_histogram::bucket_of(std::int64_t value) noexcept {
  constexpr auto greatest_kept = (std::uint64_t{1} << widest_bits) - 1;
  const auto kept = std::min(static_cast<std::uint64_t>(value), greatest_kept);
  const int shift = std::max(static_cast<int>(std::bit_width(kept)) - steps_bits - 1, 0);
  return (static_cast<std::size_t>(shift) << steps_bits) + (kept >> shift);
}

std::int64_t latency_histogram::middle_of(std::size_t bucket) noexcept {
  constexpr std::size_t steps = std::size_t{1} << steps_bits;
  const auto shift = bucket < 2 * steps ? 0 : (bucket >> steps_bits) - 1;
  const auto low = static_cast<std::int64_t>((bucket - shift * steps) << shift);
  return low + ((std::int64_t{1} << shift) - 1) / 2;
}

void latency_histogram::add(std::chrono::nanoseconds sample) noexcept {
  const auto value = std::max<std::int64_t>(sample.count(), 0);
  ++counts_[bucket_of(value)];
  ++count_;
  least_ = std::min(least_, value);
  greatest_ = std::max(greatest_, value);
  sum_ += static_cast<double>(value);
}

void latency_histogram::merge(const latency_histogram& other) noexcept {
  for (std::size_t i = 0; i < buckets; ++i)
    counts_[i] += other.counts_[i];
  count_ += other.count_;
  least_ = std::min(least_, other.least_);
  greatest_ = std::max(greatest_, other.greatest_);
  sum_ += other.sum_;
}

std::chrono::nanoseconds latency_histogram::quantile(double share) const noexcept {
  if (count_ == 0)
    return {};
  const auto wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
  const auto rank = std::clamp(static_cast<std::uint64_t>(wanted), std::uint64_t{1}, count_);
  std::uint64_t below = 0;
  std::size_t bucket = 0;
  while ((below += counts_[bucket]) < rank)
    ++bucket;
  return std::chrono::nanoseconds{std::clamp(middle_of(bucket), least_, greatest_)};
}

std::chrono::nanoseconds latency_histogram::mean() const noexcept {
  return std::chrono::nanoseconds{count_ ? std::llround(sum_ / static_cast<double>(count_)) : 0};
}

} // namespace guardrails::load
