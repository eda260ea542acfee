// Front, the token budget's part: counts a conversation, claims its tokens of its session's run, and puts
// down what the answer really used. A ticket that ends in any other way gives its claim back.
#include "actors/front.hpp"
#include "actors/judged_text.hpp"
#include "actors/policy.hpp"
#include "actors/request_validation.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace guardrails::actors {

namespace {

std::size_t size_of(const std::vector<chat_message>& messages) {
  std::size_t bytes = 0;
  for (const auto& message : messages)
    bytes += message.content.size();
  return bytes;
}

/// Null when counting fails.
std::optional<std::uint64_t> count_tokens(const compiled_policy& policy,
                                          const std::vector<chat_message>& messages,
                                          const checks::stop_function& stop = {}) noexcept {
  try {
    return policy.tokens.count(messages, stop);
  } catch (...) {
    return std::nullopt;
  }
}

/// Ends `account` with what the budget says.
void block(generation& account, block_reason reason, const token_budget_report& report) {
  account.blocked = true;
  account.block_reason = reason;
  account.final_response = report.message;
  account.tool_calls.clear();
  account.further_choices.clear();
}

std::uint64_t total_of(const token_usage& usage) {
  return std::max(usage.total_tokens, checks::sum_of_tokens(usage.prompt_tokens, usage.completion_tokens));
}

} // namespace

// What is too long to be judged at all is left to the input checker's refusal.
void front::weigh(std::uint64_t number, ticket& entry) {
  const auto bytes = entry.policy->budget ? size_of(entry.messages.get()) : 0;
  if (!entry.policy->budget || entry.messages.get().size() > max_messages || bytes > max_request_bytes) {
    dispatch(number, entry);
    return;
  }
  entry.budget = std::make_unique<budget_account>();
  if (bytes <= longest_inline_text) {
    weighed(number, count_tokens(*entry.policy, entry.messages.get()));
    return;
  }
  entry.life = request_life{entry.deadline};
  const auto unwanted = [life = entry.life] { return life.over(); };
  const auto count = [number, policy = entry.policy, messages = entry.messages,
                      me = caf::actor_cast<front_actor>(self_)](const checks::stop_function& stop) {
    post(me, context_counted{number, count_tokens(*policy, messages.get(), stop)});
  };
  if (!shared_.threads->run({bytes, unwanted, count}))
    end_early(tickets_.find(number), block_reason::overloaded,
              {"overloaded", "too many long texts wait to be judged; retry after 1 s", 0});
}

void front::weighed(std::uint64_t number, std::optional<std::uint64_t> counted) {
  const auto it = tickets_.find(number);
  if (it == tickets_.end() || std::chrono::steady_clock::now() >= it->second.deadline)
    return; // what is late may have been counted in part; the next look at the deadlines ends it
  if (!counted)
    return end_early(it, block_reason::check_error,
                     {"exception", "the conversation's tokens could not be counted", 0});
  const auto context = *counted;
  auto& entry = it->second;
  const auto& budget = *entry.policy->budget;
  entry.budget->context = context;
  const bool refused = budget.judges_input() && budget.blocks() && !budget.request_fits(context);
  if (entry.session_id.empty() || !budget.limits_runs() || refused)
    judge_budget(it, 0);
  else
    ask_accounts(it, run_claim{number, entry.policy, entry.session_id, context});
}

void front::claimed(const run_claimed& said) {
  const auto it = tickets_.find(said.ticket);
  if (it == tickets_.end())
    return; // its end has released the claim
  it->second.budget->waits = false;
  if (said.room)
    judge_budget(it, said.used);
  else
    end_early(it, block_reason::overloaded,
              {"too_many_runs", "as many sessions as max_runs allows are in use; retry later", 0});
}

void front::judge_budget(ticket_map::iterator it, std::uint64_t run_used) {
  auto& entry = it->second;
  const auto& budget = *entry.policy->budget;
  if (budget.judges_input()) {
    auto report = budget.judge_input(entry.budget->context, run_used);
    const bool refused = !report.passed && budget.blocks();
    entry.budget->input_report = std::move(report);
    if (refused) {
      generation account;
      const auto& messages = entry.messages.get();
      account.user_input = join(messages, find_judged(messages, entry.policy->config.guardrails.input_scope));
      block(account, block_reason::token_budget_input, *entry.budget->input_report);
      end(it, std::move(account));
      return;
    }
  }
  dispatch(it->first, entry);
}

// The lane is done with the ticket; only the books are still to be asked.
void front::settle(ticket_map::iterator it, generation result) {
  auto& entry = it->second;
  leave_place(entry);
  const auto spent = total_of(result.usage);
  entry.budget->answered = std::make_unique<generation>(std::move(result));
  if (entry.budget->claimed)
    ask_accounts(it, run_settlement{it->first, entry.session_id, spent});
  else
    settled(it->first, 0);
}

void front::settled(std::uint64_t number, std::uint64_t run_used) {
  const auto it = tickets_.find(number);
  if (it == tickets_.end())
    return;
  auto& entry = it->second;
  const auto& budget = *entry.policy->budget;
  entry.budget->claimed = false;
  auto result = std::move(*entry.budget->answered);
  if (budget.judges_output()) {
    const auto& usage = result.usage;
    const auto spent = total_of(usage);
    const auto context = std::min(usage.prompt_tokens, spent);
    auto report = budget.judge_output(context, spent - context, run_used);
    if (!report.passed && budget.blocks() && !result.blocked)
      block(result, block_reason::token_budget_output, report);
    result.token_budget_output_check = std::move(report);
  }
  end(it, std::move(result));
}

template <class Message>
void front::ask_accounts(ticket_map::iterator it, Message message) {
  if (!shared_.accounts) {
    end_early(it, block_reason::check_error, lost_accounts());
    return;
  }
  it->second.budget->claimed = true;
  it->second.budget->waits = true;
  mail(self_, std::move(message)).send(shared_.accounts);
}

void front::release_claim(std::uint64_t number, const ticket& entry) {
  if (shared_.accounts && entry.budget && entry.budget->claimed)
    post(shared_.accounts, run_release{number, entry.session_id});
}

generation_error front::lost_accounts() {
  return {"stage_lost", "the run accounts died, and what sessions used is not known", 0};
}

// Without its books a run might exceed its limit, so what would need them is refused from now on.
void front::lose_accounts() {
  shared_.accounts = run_accounts_actor{};
  std::vector<std::uint64_t> asking;
  for (const auto& [number, entry] : tickets_)
    if (entry.budget && entry.budget->waits)
      asking.push_back(number);
  for (const auto number : asking)
    end_early(tickets_.find(number), block_reason::check_error, lost_accounts());
}

} // namespace guardrails::actors
