// Run accounts: one ledger, so that what several fronts claim at once is claimed one after the other.
#include "actors/run_accounts.hpp"

#include "actors/from_here.hpp"

#include <chrono>
#include <utility>

namespace guardrails::actors {

run_accounts::run_accounts(handle::pointer self, std::shared_ptr<roll_call> house)
  : presence_{std::move(house)}
  , self_{self} {}

run_accounts::handle::behavior_type run_accounts::make_behavior() {
  drop_unexpected(self_);
  return {
    [this](const run_claim& wanted) { claim(wanted); },
    [this](const run_settlement& spent) { settle(spent); },
    [this](const run_release& claim) { ledger_.release(claim.session, claim.ticket); },
  };
}

void run_accounts::claim(const run_claim& wanted) {
  const auto said = ledger_.claim(wanted.session, wanted.ticket, wanted.context, *wanted.policy->budget,
                                  std::chrono::steady_clock::now());
  reply(run_claimed{wanted.ticket, said.used, said.room});
}

void run_accounts::settle(const run_settlement& spent) {
  const auto before =
    ledger_.settle(spent.session, spent.ticket, spent.tokens, std::chrono::steady_clock::now());
  reply(run_settled{spent.ticket, before});
}

template <class Message>
void run_accounts::reply(Message message) {
  mail(self_, std::move(message)).send(caf::actor_cast<front_actor>(self_->current_sender()));
}

} // namespace guardrails::actors
