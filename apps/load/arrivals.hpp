// When each request of a run is meant to start; nothing that happens during the run changes it.
#pragma once

#include "apps/load/clock.hpp"
#include "apps/load/profile.hpp"

#include <cstdint>
#include <random>

namespace guardrails::load {

/// One request that is due.
struct turn {
  std::uint64_t number = 0; ///< among all of the run
  clock::time_point intended;
};

/// Of a run's requests those that one thread of several sends, in their order: every `threads`-th of evenly
/// spaced ones, or a share of those that come by chance (a Poisson process), the same in every run. A value:
/// a copy goes through the same requests.
class arrivals {
public:
  /// `what` must outlive it.
  arrivals(const profile& what, clock::time_point start, bool by_chance, std::uint64_t thread = 0,
           std::uint64_t threads = 1)
    : what_{&what}
    , start_{start}
    , by_chance_{by_chance}
    , thread_{thread}
    , threads_{threads}
    , random_{thread + 1} {
    move();
  }

  bool is_over() const noexcept { return over_; }

  /// How many were passed.
  std::uint64_t passed() const noexcept { return passed_; }

  /// The one that is next, unless it is over.
  const turn& next() const noexcept { return next_; }

  void advance() {
    ++passed_;
    move();
  }

private:
  void move() {
    next_.number = thread_ + passed_ * threads_;
    if (by_chance_)
      position_ += std::exponential_distribution<double>{}(random_) * static_cast<double>(threads_);
    else
      position_ = static_cast<double>(next_.number);
    over_ = position_ >= what_->requests() - 1e-6; // a rounding error must not add one at the very end
    if (!over_)
      next_.intended = start_ + what_->at(position_);
  }

  const profile* what_;
  clock::time_point start_;
  bool by_chance_;
  std::uint64_t thread_;
  std::uint64_t threads_;
  std::mt19937_64 random_;
  double position_ = 0; ///< in requests of the whole run
  std::uint64_t passed_ = 0;
  bool over_ = false;
  turn next_;
};

} // namespace guardrails::load
