// Bounded admission: how many generations may be under way, counted where callers stand, before any message
// is sent.
#pragma once

#include <guardrails/actors.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace guardrails::actors {

/// Shared by the callers' side and the front of one runtime. Thread-safe.
class admission {
public:
  admission(std::size_t lanes, policy_ref policy);

  /// Takes a place, if there is one.
  bool enter() noexcept;
  void leave() noexcept { in_flight_.fetch_sub(1, std::memory_order_relaxed); }

  std::uint64_t next_ticket() noexcept { return tickets_.fetch_add(1, std::memory_order_relaxed) + 1; }
  std::size_t limit() const noexcept { return limit_.load(std::memory_order_relaxed); }
  std::size_t in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }

  /// The policy that the front pins new requests to.
  policy_ref policy() const;
  void set_policy(policy_ref policy);

private:
  std::size_t lanes_;
  std::atomic<std::size_t> limit_;
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::uint64_t> tickets_{0};
  mutable std::mutex mutex_;
  policy_ref policy_;
};

/// One place, given back on destruction.
class admission_place {
public:
  static std::optional<admission_place> take(std::shared_ptr<admission> from);

  admission_place(admission_place&& other) noexcept = default;
  admission_place& operator=(admission_place&& other) noexcept;
  ~admission_place() { give_back(); }

private:
  explicit admission_place(std::shared_ptr<admission> from)
    : from_{std::move(from)} {}
  void give_back() noexcept;

  std::shared_ptr<admission> from_;
};

/// A generation that ended before any actor took its request.
generation unserved(generation_request request, const policy_ref& policy, block_reason reason,
                    generation_error problem);

/// The same, because too many are under way.
generation refused(generation_request request, const policy_ref& policy);

} // namespace guardrails::actors
