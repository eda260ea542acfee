// A token budget on its own, for programs that ask their model themselves: no LLM, no actors.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/rails_config.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace guardrails {

/// One generation's part in its run, from check_input() on. Destroyed without check_output(), it gives back
/// what was set aside. For one thread at a time; may outlive its enforcer.
class budget_claim {
public:
  budget_claim(budget_claim&&) noexcept;
  budget_claim& operator=(budget_claim&&) noexcept;
  ~budget_claim();

  /// What the budget said about the request.
  const token_budget_report& input() const& noexcept;
  token_budget_report input() &&;

  /// False: the request was refused, and the model must not be asked.
  bool granted() const noexcept;

  /// Judges the answer and puts down what the generation used: as the provider counted (nothing but zeros:
  /// what was set aside counts), or by our count of the answer. Throws std::logic_error when the request was
  /// refused or the answer has been judged.
  token_budget_report check_output(const token_usage& used);
  token_budget_report check_output(std::string_view answer);

private:
  friend class token_budget_enforcer;
  struct state;
  explicit budget_claim(std::unique_ptr<state> made) noexcept;

  std::unique_ptr<state> state_;
};

/// Counts tokens, judges requests and answers, and keeps the books of runs. Thread-safe: of generations of
/// one run that are judged at once, only as many are granted as fit together.
class token_budget_enforcer {
public:
  /// Whatever `config.enabled` says, the budget applies. Throws config_error when its vocabulary cannot be
  /// used.
  explicit token_budget_enforcer(const token_budget_config& config);
  ~token_budget_enforcer();
  token_budget_enforcer(token_budget_enforcer&&) noexcept;
  token_budget_enforcer& operator=(token_budget_enforcer&&) noexcept;

  /// Judges a request of so many tokens, or a conversation, and sets them aside. `run` names what shares
  /// `max_run_tokens`, such as a session; empty: this generation is a run of its own. When `max_runs` others
  /// are in use, the request is refused with a message that says so.
  budget_claim check_input(std::uint64_t context_tokens, std::string_view run = {});
  budget_claim check_input(std::span<const chat_message> messages, std::string_view run = {});

  /// By the vocabulary, or estimated without one.
  std::uint64_t count_tokens(std::string_view text) const;

  /// A conversation, with four tokens for each message and three for the answer's start.
  std::uint64_t count_tokens(std::span<const chat_message> messages) const;

private:
  friend class budget_claim;
  struct shared;
  std::shared_ptr<shared> shared_;
};

} // namespace guardrails
