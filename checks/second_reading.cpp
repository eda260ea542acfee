// Tells findings that both readings share from those that only the second one has.
#include "checks/second_reading.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace guardrails::checks {

namespace {

/// Answers whether a span lies within one of many.
class covered_ranges {
public:
  /// The spans of those findings that act no less than `least`.
  covered_ranges(std::span<const finding> findings, finding_action least) {
    for (const auto& f : findings)
      if (f.action >= least)
        spans_.push_back(f.span);
    std::ranges::sort(spans_, {}, &byte_span::begin);
    // Each then ends where the farthest of those that begin no later does.
    for (std::size_t i = 1; i < spans_.size(); ++i)
      spans_[i].end = std::max(spans_[i].end, spans_[i - 1].end);
  }

  bool contain(byte_span s) const {
    const auto after = std::ranges::upper_bound(spans_, s.begin, {}, &byte_span::begin);
    return after != spans_.begin() && std::prev(after)->end >= s.end;
  }

private:
  std::vector<byte_span> spans_;
};

finding_action strongest(std::span<const finding> findings) {
  const auto most = std::ranges::max_element(findings, {}, &finding::action);
  return most == findings.end() ? finding_action::pass : most->action;
}

void add_verdict(std::optional<verdict_report>& first, std::optional<verdict_report>& second) {
  if (second && (!first || (first->passed && !second->passed)))
    first = std::move(second);
}

void add_labels(std::optional<sensitive_data_report>& first, std::optional<sensitive_data_report>& second) {
  if (!first || !second)
    return;
  auto& labels = first->predicted_labels;
  for (auto& label : second->predicted_labels)
    if (std::ranges::find(labels, label) == labels.end())
      labels.push_back(std::move(label));
  if (labels.size() > 1)
    std::erase(labels, no_sensitive_data);
}

} // namespace

void add_second_reading(check_report& report, std::size_t begin, check_report second) {
  const covered_ranges known{std::span{report.findings}.subspan(begin), strongest(second.findings)};
  std::erase_if(second.findings, [&](const finding& f) { return known.contain(f.span); });
  std::ranges::move(second.findings, std::back_inserter(report.findings));
  add_labels(report.sensitive_data, second.sensitive_data);
  add_verdict(report.pii, second.pii);
  add_verdict(report.exfiltration, second.exfiltration);
}

} // namespace guardrails::checks
