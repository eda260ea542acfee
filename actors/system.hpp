// The house: spawns a runtime's actors into an actor system and ends them again.
#pragma once

#include "actors/admission.hpp"
#include "actors/guest_list.hpp"
#include "actors/judging_threads.hpp"
#include "actors/lane.hpp"
#include "actors/policy.hpp"
#include "actors/presence.hpp"
#include "actors/transport_pool.hpp"

#include <guardrails/actors.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace guardrails::actors {

/// What the stages of one runtime share.
struct commons {
  std::shared_ptr<roll_call> present;
  std::shared_ptr<transport_pool> transports;
  std::shared_ptr<judging_threads> judging;
};

/// How a chain is built from the commons; tests put faulty stages in.
using chain_recipe = std::function<chain(lane_actor::pointer host, const commons& shared)>;

/// Input checker, LLM client and output checker, each holding the handle of the next, and the checkers'
/// judge.
chain build_chain(lane_actor::pointer host, const commons& shared);

/// The actors of one runtime. The actor system must outlive it.
class house {
public:
  /// The lanes are shared out among the fronts: with one front a scheduler thread, a generation rarely
  /// changes threads.
  house(caf::actor_system& system, policy_ref policy, std::size_t lanes, chain_recipe recipe = &build_chain,
        std::size_t fronts = 1);

  /// Ends stage by stage, and waits for it at most five seconds.
  ~house();
  house(const house&) = delete;
  house& operator=(const house&) = delete;

  /// The front that looks after a ticket.
  const front_actor& front(std::uint64_t ticket = 0) const noexcept {
    return fronts_[ticket % fronts_.size()];
  }
  const config_store_actor& store() const noexcept { return store_; }
  const std::shared_ptr<admission>& gate() const noexcept { return gate_; }
  const std::vector<front_actor>& fronts() const noexcept { return fronts_; }
  const std::shared_ptr<roll_call>& present() const noexcept { return shared_.present; }

  /// The peers whose requests the fronts take.
  const std::shared_ptr<guest_list>& guests() const noexcept { return guests_; }

private:
  commons shared_;
  std::shared_ptr<admission> gate_;
  std::shared_ptr<guest_list> guests_ = std::make_shared<guest_list>();
  std::vector<front_actor> fronts_;
  config_store_actor store_;
  policy_fetcher_actor fetcher_;
};

} // namespace guardrails::actors
