// The run ledger behind a mutex instead of an actor.
#include <guardrails/token_budget_enforcer.hpp>

#include "actors/vocabulary.hpp"
#include "checks/run_ledger.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace guardrails {

namespace {

guardrails_config rails_with(const token_budget_config& budget) {
  guardrails_config config;
  config.token_budget = budget;
  return config;
}

bool has_counts(const token_usage& usage) noexcept {
  return usage.prompt_tokens > 0 || usage.completion_tokens > 0 || usage.total_tokens > 0;
}

// A provider that says nothing is not free: what was set aside counts as used.
token_usage set_aside(const token_budget_report& request) noexcept {
  token_usage usage;
  usage.prompt_tokens = request.context_tokens;
  usage.completion_tokens = request.output_tokens;
  return usage;
}

} // namespace

struct token_budget_enforcer::shared {
  explicit shared(const token_budget_config& config)
    : budget{rails_with(config)}
    , tokens{actors::load_token_counter(config)} {}

  const checks::token_budget budget;
  const llm::token_counter tokens;
  std::mutex mutex; // of what follows
  checks::run_ledger ledger;
  std::uint64_t last_ticket = 0;
};

struct budget_claim::state {
  std::shared_ptr<token_budget_enforcer::shared> shared;
  std::string run;
  std::uint64_t ticket = 0;
  token_budget_report input;
  bool open = false; // granted, and neither settled nor released
  bool granted = false;

  ~state() {
    if (!open || run.empty())
      return;
    std::lock_guard guard{shared->mutex};
    shared->ledger.release(run, ticket);
  }

  std::uint64_t settle(std::uint64_t tokens) {
    if (!std::exchange(open, false))
      throw std::logic_error{"the request was refused, or its answer has been judged"};
    if (run.empty())
      return 0;
    std::lock_guard guard{shared->mutex};
    return shared->ledger.settle(run, ticket, tokens, std::chrono::steady_clock::now());
  }
};

// -- one generation

budget_claim::budget_claim(std::unique_ptr<state> made) noexcept
  : state_{std::move(made)} {}
budget_claim::budget_claim(budget_claim&&) noexcept = default;
budget_claim& budget_claim::operator=(budget_claim&&) noexcept = default;
budget_claim::~budget_claim() = default;

const token_budget_report& budget_claim::input() const& noexcept {
  return state_->input;
}

token_budget_report budget_claim::input() && {
  return state_->input;
}

bool budget_claim::granted() const noexcept {
  return state_->granted;
}

token_budget_report budget_claim::check_output(const token_usage& reported) {
  const auto used = has_counts(reported) ? reported : set_aside(state_->input);
  const auto spent =
    std::max(used.total_tokens, checks::sum_of_tokens(used.prompt_tokens, used.completion_tokens));
  const auto before = state_->settle(spent);
  const auto context = std::min(used.prompt_tokens, spent);
  const auto& budget = state_->shared->budget;
  return budget.judges_output() ? budget.judge_output(context, spent - context, before)
                                : token_budget_report{true, {}, context, spent - context, before};
}

token_budget_report budget_claim::check_output(std::string_view answer) {
  token_usage counted;
  counted.prompt_tokens = state_->input.context_tokens;
  counted.completion_tokens = state_->shared->tokens.count(answer);
  return check_output(counted);
}

// -- the enforcer

token_budget_enforcer::token_budget_enforcer(const token_budget_config& config)
  : shared_{std::make_shared<shared>(config)} {}
token_budget_enforcer::~token_budget_enforcer() = default;
token_budget_enforcer::token_budget_enforcer(token_budget_enforcer&&) noexcept = default;
token_budget_enforcer& token_budget_enforcer::operator=(token_budget_enforcer&&) noexcept = default;

budget_claim token_budget_enforcer::check_input(std::uint64_t context_tokens, std::string_view run) {
  const auto& budget = shared_->budget;
  auto made = std::make_unique<budget_claim::state>();
  made->shared = shared_;
  made->run = run;
  checks::run_ledger::claim_answer said;
  const bool enforces = budget.judges_input() && budget.blocks();
  if (!run.empty() && (!enforces || budget.request_fits(context_tokens))) {
    std::lock_guard guard{shared_->mutex};
    made->ticket = ++shared_->last_ticket;
    said = shared_->ledger.claim(run, made->ticket, context_tokens, budget, std::chrono::steady_clock::now());
  }
  made->input = budget.judge_input(context_tokens, said.used);
  if (!budget.judges_input()) {
    made->input.passed = true;
    made->input.message.clear();
  }
  if (!said.room) {
    made->input.passed = false;
    made->input.message = "As many runs as max_runs allows are in use.";
  }
  made->granted = made->open = said.room && (made->input.passed || !enforces);
  return budget_claim{std::move(made)};
}

budget_claim token_budget_enforcer::check_input(std::span<const chat_message> messages,
                                                std::string_view run) {
  return check_input(count_tokens(messages), run);
}

std::uint64_t token_budget_enforcer::count_tokens(std::string_view text) const {
  return shared_->tokens.count(text);
}

std::uint64_t token_budget_enforcer::count_tokens(std::span<const chat_message> messages) const {
  return shared_->tokens.count(messages);
}

} // namespace guardrails
