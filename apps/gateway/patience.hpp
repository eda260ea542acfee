// Whether a client still waits, for those who work for it on other threads.
#pragma once

#include "apps/gateway/api_error.hpp"
#include "apps/gateway/service.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace guardrails::gateway {

/// Thread-safe.
class patience {
public:
  explicit patience(std::chrono::milliseconds limit)
    : end_{std::chrono::steady_clock::now() + limit} {}

  void leave() noexcept { has_left_ = true; }
  bool has_left() const noexcept { return has_left_; }
  bool is_over() const noexcept { return has_left_ || left().count() <= 0; }

  /// Zero or less: nothing.
  std::chrono::milliseconds left() const noexcept {
    return std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
  }

private:
  std::chrono::steady_clock::time_point end_;
  std::atomic<bool> has_left_{false};
};

/// Ends with the client's presence, or `limit` later.
std::shared_ptr<patience> patience_of(client_presence& client, std::chrono::milliseconds limit);

/// For judged_aside(). Not to be called within a co_await expression: GCC 12 destroys its temporaries twice.
std::function<bool()> end_of(std::shared_ptr<const patience> client);

/// What nobody judged, or not in time.
api_error unjudged(const patience& client);

} // namespace guardrails::gateway
