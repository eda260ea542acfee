// Tells findings that both readings share from those that only the second one has.
#include "checks/second_reading.hpp"

#include "checks/byte_ranges.hpp"

#include <algorithm>
#include <compare>
#include <iterator>
#include <map>
#include <optional>
#include <span>

namespace guardrails::checks {

namespace {

/// What a finding does: it hides only what does no more.
struct effect {
  bool reaches_threshold;
  bool masks;
  finding_action action;

  static effect of(const finding& f) { return {f.score >= f.threshold, f.replacement.has_value(), f.action}; }
  bool covers(const effect& other) const {
    return reaches_threshold >= other.reaches_threshold && masks >= other.masks && action >= other.action;
  }
  auto operator<=>(const effect&) const = default;
};

/// The bytes of a reading's findings, by what these do at least.
class known_findings {
public:
  explicit known_findings(std::span<const finding> findings)
    : findings_{findings} {}

  bool hide(const finding& f) {
    const auto wanted = effect::of(f);
    const auto [place, is_new] = covered_.try_emplace(wanted);
    if (is_new)
      for (const auto& known : findings_)
        if (effect::of(known).covers(wanted))
          place->second.add({known.span.begin, known.span.end});
    return place->second.contains({f.span.begin, f.span.end});
  }

private:
  std::span<const finding> findings_;
  std::map<effect, byte_ranges> covered_;
};

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

/// How toxic a reading is: what is not counts for less the surer that is.
double toxicity_of(const toxicity_report& report) {
  return report.label == "non-toxic" ? 1 - report.confidence : report.confidence;
}

void add_toxicity(std::optional<toxicity_report>& first, std::optional<toxicity_report>& second) {
  if (second && (!first || toxicity_of(*first) < toxicity_of(*second)))
    first = std::move(second);
}

void add_class(std::optional<std::string>& first, std::optional<std::string>& second, bool second_decides) {
  if (second && (!first || (!second->empty() && (first->empty() || second_decides))))
    first = std::move(second);
}

} // namespace

void add_second_reading(check_report& report, std::size_t begin, check_report second,
                        bool second_alone_fails) {
  known_findings known{std::span{report.findings}.subspan(begin)};
  std::erase_if(second.findings, [&](const finding& f) { return known.hide(f); });
  std::ranges::move(second.findings, std::back_inserter(report.findings));
  add_labels(report.sensitive_data, second.sensitive_data);
  add_toxicity(report.toxicity, second.toxicity);
  add_class(report.semantic_class, second.semantic_class, second_alone_fails);
  add_verdict(report.pii, second.pii);
  add_verdict(report.exfiltration, second.exfiltration);
}

} // namespace guardrails::checks
