// The rate of a run over its time: constant, ramps, steps and spikes.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace guardrails::load {

/// The rate goes evenly from one value to the other.
struct phase {
  double from = 0; ///< requests a second
  double to = 0;
  std::chrono::nanoseconds time{};
};

class profile {
public:
  explicit profile(std::vector<phase> phases);

  std::chrono::nanoseconds duration() const noexcept { return duration_; }

  /// How many are due in all; a part of one is one less.
  double requests() const noexcept { return requests_; }

  /// When so many requests are due, from the start; `request` is from 0 to below requests().
  std::chrono::nanoseconds at(double request) const noexcept;

private:
  struct part {
    phase what;
    std::chrono::nanoseconds start;
    double before; ///< requests that are due before it
  };

  std::vector<part> parts_;
  std::chrono::nanoseconds duration_{};
  double requests_ = 0;
};

/// Phases as `RATE@TIME`, `RATE..RATE@TIME` (a ramp) or `RATE..RATE/STEPS@TIME`, with commas between them; at
/// most 200,000 a second, an hour, and 1,000 phases. Nothing: not that.
std::optional<std::vector<phase>> parse_schedule(std::string_view text);

} // namespace guardrails::load
