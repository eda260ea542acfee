// What is known of the work at one node: written by the fronts, read by all of them and by who reports.
#pragma once

#include <guardrails/node_status.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace guardrails::actors {

/// A moving average. Thread-safe; what two threads measure at once may be counted once.
class moving_latency {
public:
  /// Microseconds; 0: not known yet.
  std::uint64_t get() const noexcept { return mean_.load(std::memory_order_relaxed); }

  void measure(std::uint64_t microseconds) noexcept {
    const auto before = get();
    const auto after = before == 0 ? microseconds : (7 * before + microseconds) / 8;
    mean_.store(after > 0 ? after : 1, std::memory_order_relaxed);
  }

  /// Who was slow may have become quick: what nobody tries is forgotten bit by bit.
  void forget_some() noexcept { mean_.store(get() - get() / 16, std::memory_order_relaxed); }

private:
  std::atomic<std::uint64_t> mean_{0};
};

/// Thread-safe.
struct node_gauge {
  using clock = std::chrono::steady_clock;
  static constexpr std::uint64_t unknown_room = 1'000'000'000;

  std::atomic<std::uint64_t> in_flight{0};
  std::atomic<std::uint64_t> room{unknown_room}; // for us, as its answers and refusals let us think
  moving_latency latency;
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> answered{0};
  std::atomic<std::uint64_t> redispatched{0};
  std::atomic<std::uint64_t> failed{0};

  /// Writes down for a while why it cannot use a configuration.
  void note(std::string why, clock::time_point until) {
    const std::lock_guard guard{mutex_};
    note_ = std::move(why);
    noted_until_ = until;
  }

  std::string note() const {
    const std::lock_guard guard{mutex_};
    return clock::now() < noted_until_ ? note_ : std::string{};
  }

private:
  mutable std::mutex mutex_;
  std::string note_;
  clock::time_point noted_until_{};
};

/// The links of a runtime write down here how their nodes are. Thread-safe.
class node_board {
public:
  void put(std::uint64_t link, node_status status, std::shared_ptr<node_gauge> gauge) {
    const std::lock_guard guard{mutex_};
    entries_[link] = {std::move(status), std::move(gauge)};
  }

  void remove(std::uint64_t link) {
    const std::lock_guard guard{mutex_};
    entries_.erase(link);
  }

  std::vector<node_status> all() const {
    const std::lock_guard guard{mutex_};
    std::vector<node_status> result;
    for (const auto& [link, known] : entries_) {
      auto status = known.status;
      const auto& gauge = *known.gauge;
      if (status.problem.empty())
        status.problem = gauge.note();
      status.in_flight = gauge.in_flight;
      status.latency_us = gauge.latency.get();
      status.sent = gauge.sent;
      status.answered = gauge.answered;
      status.redispatched = gauge.redispatched;
      status.failed = gauge.failed;
      result.push_back(std::move(status));
    }
    return result;
  }

private:
  struct entry {
    node_status status;
    std::shared_ptr<node_gauge> gauge;
  };

  mutable std::mutex mutex_;
  std::map<std::uint64_t, entry> entries_;
};

} // namespace guardrails::actors
