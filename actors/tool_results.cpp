// Adds the reports of the tools' messages up.
#include "actors/tool_results.hpp"

#include "actors/policy.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace guardrails::actors {

namespace {

void add(checks::judgement& verdict, checks::judgement tool, std::size_t message) {
  auto& report = verdict.report;
  auto& other = tool.report;
  for (auto& f : other.findings)
    f.message = message;
  std::ranges::move(other.findings, std::back_inserter(report.findings));
  std::ranges::move(other.errors, std::back_inserter(report.errors));
  for (const auto& [check, spent] : other.latency_us)
    report.latency_us[check] += spent;
  const auto undecided = report.passed || (verdict.open && verdict.open->may_pass());
  const auto decides = undecided && !other.passed;
  if (other.semantic_class && (decides || !report.semantic_class || report.semantic_class->empty()))
    report.semantic_class = std::move(other.semantic_class);
  verdict.broken_off |= tool.broken_off;
  if (!decides)
    return;
  verdict.open.reset(); // nobody needs to be asked any more
  report.passed = false;
  report.message = std::move(other.message);
  verdict.check_error = tool.check_error;
}

} // namespace

void judge_tool_results(const std::vector<chat_message>& messages, const checks::rail& judging,
                        checks::judgement& verdict, const checks::stop_function& stop) {
  for (std::size_t i = 0; i < messages.size() && !verdict.broken_off; ++i)
    if (messages[i].role == "tool")
      add(verdict, judging.judge(messages[i].content, &steady_nanoseconds, stop), i);
}

} // namespace guardrails::actors
