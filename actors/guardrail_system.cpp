// The checks without actors: one compiled policy, three directions.
#include <guardrails/guardrail_system.hpp>

#include "actors/head_file.hpp"
#include "actors/policy.hpp"
#include "checks/rail.hpp"

#include <string>
#include <vector>

namespace guardrails {

struct guardrail_system::compiled {
  explicit compiled(checks::rail rail)
    : text{std::move(rail)} {}

  checks::rail text;
  checks::rail input = text.facing(checks::direction::input);
  checks::rail output = text.facing(checks::direction::output);
  std::vector<std::string> checks_off;

  check_report judge(const checks::rail& rail, std::string_view t) const {
    auto report = rail.judge(t, &actors::steady_nanoseconds).report;
    report.checks_off = checks_off;
    return report;
  }
};

guardrail_system::guardrail_system(const rails_config& config, std::span<const std::string> only,
                                   std::span<const std::string> entities) {
  auto result = std::make_unique<compiled>(checks::compile_rail(
    config, checks::direction::text, only, entities, actors::load_heads(config.guardrails)));
  auto without_runs = config;
  without_runs.guardrails.token_budget.enabled = false; // a budget is for conversations, not for texts
  result->checks_off = without_runs.checks_off();
  compiled_ = std::move(result);
}

guardrail_system::~guardrail_system() = default;
guardrail_system::guardrail_system(guardrail_system&&) noexcept = default;
guardrail_system& guardrail_system::operator=(guardrail_system&&) noexcept = default;

check_report guardrail_system::check_input(std::string_view text) const {
  return compiled_->judge(compiled_->input, text);
}

check_report guardrail_system::check_output(std::string_view text) const {
  return compiled_->judge(compiled_->output, text);
}

check_report guardrail_system::check_text(std::string_view text) const {
  return compiled_->judge(compiled_->text, text);
}

} // namespace guardrails
