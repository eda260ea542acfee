// Run accounts: what the generations of each session used together, for all fronts of a runtime.
#pragma once

#include "actors/policy.hpp"
#include "actors/presence.hpp"
#include "checks/run_ledger.hpp"

#include <memory>

namespace guardrails::actors {

class run_accounts {
public:
  using handle = run_accounts_actor;
  static constexpr const char* name = "guardrails.run-accounts";

  run_accounts(handle::pointer self, std::shared_ptr<roll_call> house);

  handle::behavior_type make_behavior();

private:
  void claim(const run_claim& wanted);
  void settle(const run_settlement& spent);

  template <class Message>
  void reply(Message message);

  presence presence_;
  handle::pointer self_;
  checks::run_ledger ledger_;
};

} // namespace guardrails::actors
