// The edge of a stage: whatever goes wrong inside becomes a value, since an exception would kill the actor.
#pragma once

#include "actors/policy.hpp"

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

namespace guardrails::actors {

/// Whole microseconds since a reading of steady_nanoseconds().
inline std::uint64_t microseconds_since(std::uint64_t begin) noexcept {
  return (steady_nanoseconds() - begin) / 1000;
}

/// Ends `account` as an internal failure. Never quotes what was thrown: it may hold a text.
inline void end_as_internal_error(generation& account, const policy_ref& policy, std::string_view what) {
  generation_error problem{"internal", std::string{what}, 0};
  if (policy) {
    block(account, *policy, block_reason::check_error, std::move(problem));
    return;
  }
  account.blocked = true;
  account.block_reason = block_reason::check_error;
  account.final_response = message_catalog{}.text("check_error");
  account.error = std::move(problem);
}

/// The answer to a request that nobody waits for any more. It names no ticket: the ticket may live on in
/// another chain.
inline answer ended_early(const policy_ref& policy, generation account) {
  if (policy)
    block(account, *policy, block_reason::cancelled,
          generation_error{"cancelled", "the request ended before this stage took it", 0});
  return {0, std::move(account)};
}

/// Runs `work` and returns whether it ended well; otherwise `account` is ended with a typed error.
template <class Work>
bool at_the_edge(generation& account, const policy_ref& policy, Work work) {
  if (!policy) {
    end_as_internal_error(account, policy, "this node does not hold the request's configuration");
    return false;
  }
  try {
    work();
    return true;
  } catch (const std::exception&) {
    end_as_internal_error(account, policy, "a stage failed unexpectedly");
  } catch (...) {
    end_as_internal_error(account, policy, "a stage failed for an unknown reason");
  }
  return false;
}

} // namespace guardrails::actors
