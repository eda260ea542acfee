// A list in order of use with an index by name.
#include "checks/run_ledger.hpp"

#include <iterator>
#include <limits>

namespace guardrails::checks {

run_ledger::claim_answer run_ledger::claim(std::string_view run, std::uint64_t ticket, std::uint64_t context,
                                           const token_budget& budget, time_point now) {
  forget_idle(budget.limits().run_idle_timeout, now);
  auto account = find(run);
  const auto used = account == accounts_.end() ? 0 : sum_of_tokens(account->used, account->claimed.value());
  const auto wanted = budget.claim_of(context);
  if (budget.judges_input() && budget.blocks() && !budget.run_fits(used, wanted))
    return {used, true};
  if (account == accounts_.end()) {
    if (accounts_.size() >= budget.limits().max_runs)
      return {0, false};
    account = open(run, now);
  }
  drop_claim(*account, ticket);
  account->claims[ticket] = wanted;
  account->claimed.add(wanted);
  touch(account, now);
  return {used, true};
}

std::uint64_t run_ledger::settle(std::string_view run, std::uint64_t ticket, std::uint64_t tokens,
                                 time_point now) {
  auto account = find(run);
  if (account == accounts_.end())
    account = open(run, now);
  drop_claim(*account, ticket);
  const auto before = account->used;
  account->used = sum_of_tokens(before, tokens);
  touch(account, now);
  return before;
}

void run_ledger::release(std::string_view run, std::uint64_t ticket) {
  const auto account = find(run);
  if (account == accounts_.end())
    return;
  drop_claim(*account, ticket);
  if (account->claims.empty() && account->used == 0) {
    by_name_.erase(account->name);
    accounts_.erase(account);
  }
}

void run_ledger::drop_claim(run_account& account, std::uint64_t ticket) noexcept {
  const auto claim = account.claims.find(ticket);
  if (claim == account.claims.end())
    return;
  account.claimed.subtract(claim->second);
  account.claims.erase(claim);
}

void run_ledger::wide_sum::add(std::uint64_t tokens) noexcept {
  low_ += tokens;
  high_ += low_ < tokens ? 1 : 0;
}

void run_ledger::wide_sum::subtract(std::uint64_t tokens) noexcept {
  high_ -= low_ < tokens ? 1 : 0;
  low_ -= tokens;
}

std::uint64_t run_ledger::wide_sum::value() const noexcept {
  return high_ > 0 ? std::numeric_limits<std::uint64_t>::max() : low_;
}

run_ledger::account_list::iterator run_ledger::find(std::string_view run) {
  const auto found = by_name_.find(run);
  return found == by_name_.end() ? accounts_.end() : found->second;
}

run_ledger::account_list::iterator run_ledger::open(std::string_view run, time_point now) {
  accounts_.push_back({std::string{run}, now, 0, {}, {}});
  const auto account = std::prev(accounts_.end());
  by_name_.emplace(account->name, account);
  return account;
}

void run_ledger::touch(account_list::iterator account, time_point now) {
  account->last_use = now;
  accounts_.splice(accounts_.end(), accounts_, account);
}

// A run with claims is in use, however long its generation takes.
void run_ledger::forget_idle(std::chrono::milliseconds timeout, time_point now) {
  for (auto left = accounts_.size(); left > 0 && now - accounts_.front().last_use >= timeout; --left) {
    const auto oldest = accounts_.begin();
    if (!oldest->claims.empty()) {
      touch(oldest, now);
      continue;
    }
    by_name_.erase(oldest->name);
    accounts_.erase(oldest);
  }
}

} // namespace guardrails::checks
