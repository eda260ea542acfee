// Adds reports up.
#include "actors/added_judgement.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace guardrails::actors {

namespace {

bool may_pass(const checks::judgement& verdict) noexcept {
  return verdict.report.passed || (verdict.open && verdict.open->may_pass());
}

template <class Detail>
void take(std::optional<Detail>& to, std::optional<Detail>& from) {
  if (from)
    to = std::move(from);
}

/// What the checks say in detail, of the text that decides.
void take_details(check_report& to, check_report& from) {
  take(to.toxicity, from.toxicity);
  take(to.sensitive_data, from.sensitive_data);
  take(to.off_topic, from.off_topic);
  take(to.sql, from.sql);
  take(to.pii, from.pii);
  take(to.exfiltration, from.exfiltration);
  take(to.invisible_text, from.invisible_text);
  take(to.urls, from.urls);
  take(to.languages, from.languages);
  take(to.output_json, from.output_json);
}

void ask_too(checks::judgement& verdict, checks::open_questions open) {
  verdict.report.passed = false;
  if (verdict.open)
    verdict.open->text.append("\n").append(open.text);
  else
    verdict.open = std::move(open);
}

} // namespace

void add_judgement(checks::judgement& verdict, checks::judgement added, std::uint64_t place) {
  auto& report = verdict.report;
  auto& other = added.report;
  for (auto& f : other.findings)
    f.message = place;
  std::ranges::move(other.findings, std::back_inserter(report.findings));
  std::ranges::move(other.errors, std::back_inserter(report.errors));
  for (const auto& [check, spent] : other.latency_us)
    report.latency_us[check] += spent;
  const auto decides = may_pass(verdict) && !may_pass(added);
  if (other.semantic_class && (decides || !report.semantic_class || report.semantic_class->empty()))
    report.semantic_class = std::move(other.semantic_class);
  verdict.broken_off |= added.broken_off;
  if (decides) {
    verdict.open.reset(); // nobody needs to be asked any more
    report.passed = false;
    report.message = std::move(other.message);
    verdict.check_error = added.check_error;
    take_details(report, other);
  } else if (added.open && may_pass(verdict)) {
    ask_too(verdict, std::move(*added.open));
  }
}

} // namespace guardrails::actors
