// How much the bodies of all requests under way may take together: a bound on each does not bound them all.
#pragma once

#include "apps/gateway/admission.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace guardrails::gateway {

/// What one request's body has of the memory for bodies; given back at the end. The first bytes are free:
/// there are at most as many of them as connections, and small requests must not wait for those who send huge
/// ones.
class body_share {
public:
  static constexpr std::size_t free_bytes = 16u << 10;

  body_share() = default;
  body_share(std::atomic<std::int64_t>& taken, std::int64_t most) noexcept
    : taken_{&taken}
    , most_{most} {}
  ~body_share() {
    if (taken_)
      *taken_ -= own_;
  }
  body_share(body_share&& other) noexcept
    : taken_{std::exchange(other.taken_, nullptr)}
    , most_{other.most_}
    , own_{std::exchange(other.own_, 0)} {}
  body_share& operator=(body_share&& other) noexcept {
    std::swap(taken_, other.taken_);
    std::swap(most_, other.most_);
    std::swap(own_, other.own_);
    return *this;
  }

  /// False: there is no room for a body of this size now.
  bool grow_to(std::size_t size) noexcept {
    const auto wanted = size > free_bytes ? static_cast<std::int64_t>(size - free_bytes) : 0;
    if (!taken_ || wanted <= own_)
      return true;
    if (!take(*taken_, wanted - own_, most_))
      return false;
    own_ = wanted;
    return true;
  }

private:
  std::atomic<std::int64_t>* taken_ = nullptr;
  std::int64_t most_ = 0;
  std::int64_t own_ = 0;
};

} // namespace guardrails::gateway
