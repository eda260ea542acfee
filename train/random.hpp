// Random numbers that are the same everywhere for the same seed.
#pragma once

#include <cstdint>

namespace guardrails::train {

/// SplitMix64 (G. Steele, D. Lea, C. Flood, 2014). Unlike the standard library's distributions, what it
/// yields does not depend on the library.
class random_source {
public:
  explicit random_source(std::uint64_t seed) noexcept
    : state_{seed} {}

  std::uint64_t next() noexcept {
    auto z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }

  /// 0 … bound - 1.
  std::size_t below(std::size_t bound) noexcept { return static_cast<std::size_t>(next() % bound); }

  bool happens(double probability) noexcept {
    return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability;
  }

private:
  std::uint64_t state_;
};

} // namespace guardrails::train
