// A point that few numbers describe: what a short text becomes.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace guardrails::checks::similarity {

/// The numbers of a vector that are not 0, and their places.
struct point {
  std::vector<std::uint32_t> places;
  std::vector<float> values;

  static point of(std::span<const float> whole) {
    point made;
    for (std::size_t i = 0; i < whole.size(); ++i)
      if (whole[i] != 0) {
        made.places.push_back(static_cast<std::uint32_t>(i));
        made.values.push_back(whole[i]);
      }
    return made;
  }

  float times(std::span<const float> whole) const noexcept {
    float sum = 0;
    for (std::size_t i = 0; i < places.size(); ++i)
      sum += values[i] * whole[places[i]];
    return sum;
  }

  void add_to(std::span<float> whole, float factor) const noexcept {
    for (std::size_t i = 0; i < places.size(); ++i)
      whole[places[i]] += factor * values[i];
  }

  float squared() const noexcept {
    float sum = 0;
    for (const auto value : values)
      sum += value * value;
    return sum;
  }
};

/// Gives a vector the length 1; one of zeros stays as it is.
inline void make_unit(std::span<float> v) noexcept {
  float sum = 0;
  for (const auto x : v)
    sum += x * x;
  const auto length = std::sqrt(sum);
  if (length > 0)
    for (auto& x : v)
      x /= length;
}

} // namespace guardrails::checks::similarity
