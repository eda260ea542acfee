// The token budget's arithmetic: what a request, and a run of them, may cost.
#pragma once

#include <guardrails/rails_config.hpp>

#include <cstdint>
#include <string>

namespace guardrails::checks {

/// Sums of tokens that stay at the highest number instead of wrapping around: a provider's counts are data.
std::uint64_t sum_of_tokens(std::uint64_t left, std::uint64_t right) noexcept;

/// Limits of one configuration. A request fits when `context + reserved <= max_request_tokens` and
/// `run used + context + reserved <= max_run_tokens`, an answer when
/// `run used + context + answer <= max_run_tokens`. An absent limit fits everything.
class token_budget {
public:
  explicit token_budget(const guardrails_config& config);

  bool judges_input() const noexcept { return judges_input_; }
  bool judges_output() const noexcept { return judges_output_; }
  bool blocks() const noexcept { return limits_.block_on_exceeded; }
  /// Whether an answer may have to be withheld.
  bool withholds_answers() const noexcept { return judges_output_ && blocks() && limits_runs(); }
  bool limits_runs() const noexcept { return limits_.max_run_tokens.has_value(); }
  const token_budget_config& limits() const noexcept { return limits_; }

  /// What a request sets aside until its answer is known.
  std::uint64_t claim_of(std::uint64_t context) const noexcept {
    return sum_of_tokens(context, limits_.reserved_output_tokens);
  }

  bool request_fits(std::uint64_t context) const noexcept;

  /// Whether a run that used `used` may use `more`.
  bool run_fits(std::uint64_t used, std::uint64_t more) const noexcept;

  token_budget_report judge_input(std::uint64_t context, std::uint64_t run_used) const;
  token_budget_report judge_output(std::uint64_t context, std::uint64_t answer, std::uint64_t run_used) const;

private:
  token_budget_config limits_;
  bool judges_input_;
  bool judges_output_;
  std::string input_sentence_;
  std::string output_sentence_;
};

} // namespace guardrails::checks
