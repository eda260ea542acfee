// The passes of the peers that joined this node: what a request of another node must name.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <unordered_set>

namespace guardrails::actors {

/// Thread-safe.
class guest_list {
public:
  std::uint64_t admit() {
    std::random_device entropy;
    const std::uint64_t pass = (std::uint64_t{entropy()} << 32) | entropy();
    const std::unique_lock guard{mutex_};
    passes_.insert(pass);
    return pass;
  }

  void revoke(std::uint64_t pass) {
    const std::unique_lock guard{mutex_};
    passes_.erase(pass);
  }

  bool knows(std::uint64_t pass) const {
    const std::shared_lock guard{mutex_};
    return passes_.contains(pass);
  }

private:
  mutable std::shared_mutex mutex_;
  std::unordered_set<std::uint64_t> passes_;
};

} // namespace guardrails::actors
