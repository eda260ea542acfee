// Who used how many tokens: the runs, bounded in number and forgotten when nobody uses them.
#pragma once

#include "checks/token_budget.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace guardrails::checks {

/// The books of all runs. Each generation claims what it may need, then settles what it used or releases the
/// claim. Knows no clock and no threads: one owner calls it.
class run_ledger {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `used` is what the run had used and set aside before. Without room for another run nothing is set aside.
  struct claim_answer {
    std::uint64_t used = 0;
    bool room = true;
  };

  /// Sets aside what `budget` says for `context` tokens, unless that does not fit and the budget blocks.
  claim_answer claim(std::string_view run, std::uint64_t ticket, std::uint64_t context,
                     const token_budget& budget, time_point now);

  /// Puts down `tokens` as used in place of the ticket's claim; what the run had used before. They are put
  /// down whether or not they fit: they have been spent.
  std::uint64_t settle(std::string_view run, std::uint64_t ticket, std::uint64_t tokens, time_point now);

  /// Forgets the ticket's claim, if there is one.
  void release(std::string_view run, std::uint64_t ticket);

  std::size_t runs() const noexcept { return by_name_.size(); }

private:
  /// A sum that may exceed 64 bits and still be taken apart again.
  class wide_sum {
  public:
    void add(std::uint64_t tokens) noexcept;
    void subtract(std::uint64_t tokens) noexcept; ///< of what was added

    /// The highest number where the sum is higher.
    std::uint64_t value() const noexcept;

  private:
    std::uint64_t low_ = 0;
    std::uint64_t high_ = 0;
  };

  struct run_account {
    std::string name;
    time_point last_use;
    std::uint64_t used = 0;
    wide_sum claimed;                                        // of:
    std::unordered_map<std::uint64_t, std::uint64_t> claims; // by ticket
  };
  using account_list = std::list<run_account>;

  static void drop_claim(run_account& account, std::uint64_t ticket) noexcept;
  account_list::iterator find(std::string_view run);
  account_list::iterator open(std::string_view run, time_point now);
  void touch(account_list::iterator account, time_point now);
  void forget_idle(std::chrono::milliseconds timeout, time_point now);

  account_list accounts_; // the longest unused one first
  std::unordered_map<std::string_view, account_list::iterator> by_name_;
};

} // namespace guardrails::checks
