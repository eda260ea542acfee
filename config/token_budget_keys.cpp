// The keys of `guardrails.token_budget`.
#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"

namespace guardrails::config {

void add_token_budget_keys(std::vector<key>& keys) {
  using t = token_budget_config;
  constexpr double most_tokens = 1e12;
  const std::string path = "guardrails.token_budget";
  auto budget = section(path, "Bounds the tokens of a request and of a run.").check();
  budget.made.may_be_false = true;
  budget.made.open = [](rails_config& config) { config.guardrails.token_budget = {}; };
  budget.made.present = [](const rails_config& config) { return config.guardrails.token_budget.enabled; };
  budget.made.runs = [](const rails_config& config) {
    const auto& rails = config.guardrails;
    const auto& chosen = rails.token_budget;
    return chosen.enabled &&
           ((rails.input_checks && chosen.input_checks) || (rails.output_checks && chosen.output_checks));
  };
  keys.push_back(std::move(budget));
  keys.push_back(value(path + ".enabled", in_token_budget(&t::enabled), {}, "Whether there is a budget."));
  keys.push_back(
    value(path + ".input_checks", in_token_budget(&t::input_checks), {}, "The same, for requests."));
  keys.push_back(
    value(path + ".output_checks", in_token_budget(&t::output_checks), {}, "The same, for answers."));
  keys.push_back(value(path + ".max_request_tokens", in_token_budget(&t::max_request_tokens),
                       between(1, most_tokens), "The longest conversation, with what is reserved."));
  keys.push_back(value(path + ".max_run_tokens", in_token_budget(&t::max_run_tokens), between(1, most_tokens),
                       "What a session, or one generation without one, may use together."));
  keys.push_back(value(path + ".reserved_output_tokens", in_token_budget(&t::reserved_output_tokens),
                       between(0, most_tokens), "Set aside for an answer before it is known."));
  keys.push_back(value(path + ".block_on_exceeded", in_token_budget(&t::block_on_exceeded), {},
                       "Whether what exceeds the budget is blocked or only reported."));
  keys.push_back(value(path + ".vocabulary", in_token_budget(&t::vocabulary), optional_text(one_line),
                       "A file to count by, in tiktoken's form or a tokenizer.json; without, tokens are "
                       "estimated."));
  keys.push_back(value(path + ".pretokenizer", in_token_budget(&t::pretokenizer), {},
                       "How texts are cut before the vocabulary applies.")
                   .by_default("what the file says; cl100k for tiktoken's form"));
  keys.push_back(value(path + ".run_idle_timeout", in_token_budget(&t::run_idle_timeout),
                       between(1, 30 * 24 * hour), "How long an unused session is remembered."));
  keys.push_back(value(path + ".max_runs", in_token_budget(&t::max_runs), between(1, 10'000'000),
                       "Sessions remembered at a time; past them a new one is overloaded."));
}

} // namespace guardrails::config
