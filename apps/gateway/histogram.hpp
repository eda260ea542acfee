// Latencies counted in buckets, from any thread, without a lock.
#pragma once

#include "apps/gateway/exposition.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace guardrails::gateway {

/// From a tenth of a millisecond to a minute: what a request takes.
inline constexpr std::array<std::uint64_t, 14> request_bounds{
  100,    250,     500,     1'000,     2'500,     5'000,      10'000,
  25'000, 100'000, 250'000, 1'000'000, 2'500'000, 10'000'000, 60'000'000}; // microseconds

/// From a microsecond to seconds: what a check takes, in the process or at a remote judge's.
inline constexpr std::array<std::uint64_t, 14> check_bounds{
  1, 5, 10, 25, 50, 100, 250, 500, 1'000, 5'000, 25'000, 100'000, 1'000'000, 10'000'000}; // microseconds

template <const auto& Bounds>
class histogram {
public:
  void add(std::chrono::microseconds value) noexcept {
    const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
    const auto bucket = std::ranges::lower_bound(Bounds, count) - Bounds.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(count, std::memory_order_relaxed);
  }

  bool empty() const noexcept {
    return std::ranges::all_of(counts_, [](const auto& count) { return count.load() == 0; });
  }

  /// Appends the lines of one series.
  void append_to(std::string& out, std::string_view name, std::string_view labels) const {
    std::array<std::uint64_t, Bounds.size() + 1> counts{};
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i] = counts_[i].load(std::memory_order_relaxed);
    append_histogram(out, name, labels, Bounds, counts, sum_.load(std::memory_order_relaxed));
  }

private:
  std::array<std::atomic<std::uint64_t>, Bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_{0};
};

} // namespace guardrails::gateway
