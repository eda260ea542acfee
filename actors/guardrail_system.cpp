// The checks without actors: one compiled policy, three directions, remote judges asked while the caller
// waits.
#include <guardrails/guardrail_system.hpp>

#include "actors/head_file.hpp"
#include "actors/policy.hpp"
#include "actors/sync_judge.hpp"
#include "checks/rail.hpp"

#include <string>
#include <vector>

namespace guardrails {

struct guardrail_system::compiled {
  compiled(checks::rail rail, const guardrails_config& config)
    : text{std::move(rail)}
    , judge{config} {}

  checks::rail text;
  checks::rail input = text.facing(checks::direction::input);
  checks::rail output = text.facing(checks::direction::output);
  std::vector<std::string> checks_off;
  mutable actors::sync_judge judge;

  check_report check(const checks::rail& rail, std::string_view t, const stop_function& stop,
                     bool is_answer = false) const {
    auto verdict = rail.judge(t, &actors::steady_nanoseconds, stop);
    if (verdict.open && !verdict.broken_off)
      rail.settle(verdict, judge.ask(*verdict.open, is_answer, stop));
    verdict.report.checks_off = checks_off;
    return std::move(verdict.report);
  }
};

guardrail_system::guardrail_system(const rails_config& config, std::span<const std::string> only,
                                   std::span<const std::string> entities) {
  auto result =
    std::make_unique<compiled>(checks::compile_rail(config, checks::direction::text, only, entities,
                                                    actors::load_heads(config.guardrails)),
                               config.guardrails);
  auto without_runs = config;
  without_runs.guardrails.token_budget.enabled = false; // a budget is for conversations, not for texts
  result->checks_off = without_runs.checks_off();
  compiled_ = std::move(result);
}

guardrail_system::~guardrail_system() = default;
guardrail_system::guardrail_system(guardrail_system&&) noexcept = default;
guardrail_system& guardrail_system::operator=(guardrail_system&&) noexcept = default;

check_report guardrail_system::check_input(std::string_view text, const stop_function& stop) const {
  return compiled_->check(compiled_->input, text, stop);
}

check_report guardrail_system::check_output(std::string_view text, const stop_function& stop) const {
  return compiled_->check(compiled_->output, text, stop, true);
}

check_report guardrail_system::check_text(std::string_view text, const stop_function& stop) const {
  return compiled_->check(compiled_->text, text, stop);
}

} // namespace guardrails
