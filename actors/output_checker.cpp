// Output checker: judges what the model said and fills in the generation.
#include "actors/output_checker.hpp"

#include "actors/stage_edge.hpp"

#include <utility>

namespace guardrails::actors {

namespace {

void judge_answer(generation& account, const compiled_policy& policy) {
  const auto& text = *account.llm_response;
  if (!policy.output) {
    account.final_response = text;
    return;
  }
  auto verdict = policy.output->judge(text, &steady_nanoseconds);
  if (!verdict.report.passed) {
    account.blocked = true;
    account.block_reason = verdict.check_error ? block_reason::check_error : block_reason::output;
    account.final_response = verdict.report.message;
  } else {
    account.final_response = checks::apply_replacements(text, 0, verdict.report.findings);
  }
  account.output_check = std::move(verdict.report);
}

} // namespace

output_checker::output_checker(handle::pointer, std::shared_ptr<roll_call> house)
  : presence_{std::move(house)} {}

output_checker::handle::behavior_type output_checker::make_behavior() {
  return {
    [](draft& d) -> caf::result<answer> { return judge(d); },
  };
}

answer output_checker::judge(draft& d) noexcept {
  const auto begin = steady_nanoseconds();
  at_the_edge(d.account, d.policy, [&] { judge_answer(d.account, *d.policy); });
  d.account.timings.output_checks = microseconds_since(begin);
  return {d.ticket, std::move(d.account)};
}

} // namespace guardrails::actors
