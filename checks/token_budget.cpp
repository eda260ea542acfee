// Compares counts with limits and says so.
#include "checks/token_budget.hpp"

#include <limits>
#include <string_view>

namespace guardrails::checks {

namespace {

std::string sentence_of(const message_catalog& messages, std::string_view suffix_key) {
  std::string sentence{messages.text("token_budget")};
  const auto suffix = messages.text(suffix_key);
  return suffix.empty() ? sentence : sentence.append(" ").append(suffix);
}

} // namespace

std::uint64_t sum_of_tokens(std::uint64_t left, std::uint64_t right) noexcept {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return left > most - right ? most : left + right;
}

token_budget::token_budget(const guardrails_config& config)
  : limits_{config.token_budget}
  , judges_input_{config.input_checks && limits_.input_checks}
  , judges_output_{config.output_checks && limits_.output_checks}
  , input_sentence_{sentence_of(config.messages, "input_suffix")}
  , output_sentence_{sentence_of(config.messages, "output_suffix")} {}

bool token_budget::request_fits(std::uint64_t context) const noexcept {
  return !limits_.max_request_tokens || claim_of(context) <= *limits_.max_request_tokens;
}

bool token_budget::run_fits(std::uint64_t used, std::uint64_t more) const noexcept {
  return !limits_.max_run_tokens || sum_of_tokens(used, more) <= *limits_.max_run_tokens;
}

token_budget_report token_budget::judge_input(std::uint64_t context, std::uint64_t run_used) const {
  const bool fits = request_fits(context) && run_fits(run_used, claim_of(context));
  return {fits, fits ? std::string{} : input_sentence_, context, limits_.reserved_output_tokens, run_used};
}

token_budget_report token_budget::judge_output(std::uint64_t context, std::uint64_t answer,
                                               std::uint64_t run_used) const {
  const bool fits = run_fits(run_used, sum_of_tokens(context, answer));
  return {fits, fits ? std::string{} : output_sentence_, context, answer, run_used};
}

} // namespace guardrails::checks
