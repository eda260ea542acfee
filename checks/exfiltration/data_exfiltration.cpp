// The data exfiltration check: adds up what an answer gives away and masks or fails it.
#include "checks/exfiltration/abnormal_patterns.hpp"
#include "checks/registry.hpp"

#include <algorithm>
#include <set>

namespace guardrails::checks {

namespace {

// Points of risk. Thresholds are counted in the same points.
constexpr std::uint32_t points_of_secret_kind = 80;
constexpr std::uint32_t points_of_bulk = 60;
constexpr std::uint32_t points_of_abnormal_kind = 20;
constexpr double points_of_certainty = 100; // a score of 1

/// What was found, and how much it weighs.
struct exposure {
  std::uint32_t points = 0;
  std::vector<std::string> reasons;
  std::vector<finding> findings;

  void add(std::uint32_t more, std::string reason) {
    points += more;
    reasons.push_back(std::move(reason));
  }
};

class data_exfiltration_check final : public check {
public:
  data_exfiltration_check(const data_exfiltration_config& config, std::unique_ptr<const check> sensitive,
                          std::shared_ptr<const policy_patterns> patterns)
    : config_{config}
    , sensitive_{std::move(sensitive)}
    , patterns_{std::move(patterns)} {}

  std::string_view name() const noexcept override { return "data_exfiltration"; }
  std::string_view message_key() const noexcept override { return "exfiltration"; }
  bool masks() const noexcept override { return true; }
  text_form reads() const noexcept override { return text_form::both; }
  bool judges(direction dir) const noexcept override { return dir == direction::output; }

  bool judge(std::string_view text, check_report& report) const override {
    return judge_scanned({text, patterns_->scan(text), {}}, report);
  }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    exposure found;
    if (config_.detectors.secrets || config_.detectors.bulk_sensitive)
      add_sensitive(scanned, found);
    if (config_.detectors.abnormal_patterns)
      add_abnormal(scanned, found);
    const auto passes = found.points < config_.action_thresholds.block;
    report.exfiltration = verdict_report{passes, describe(found)};
    for (auto& f : found.findings)
      report.findings.push_back(decided(std::move(f), found.points));
    return passes;
  }

private:
  // The recognition of sensitive data and secrets, with a report of its own.
  void add_sensitive(const scanned_text& scanned, exposure& found) const {
    check_report known;
    sensitive_->judge_scanned(scanned, known);
    const auto first_other = std::ranges::stable_partition(known.findings, [](const finding& f) {
                               return f.label == "Secret";
                             }).begin();
    const std::span secrets{known.findings.begin(), first_other};
    const std::span others{first_other, known.findings.end()};
    if (config_.detectors.secrets) {
      std::set<std::string> kinds;
      for (auto& f : secrets)
        if (kinds.insert(f.entity.value_or("Secret")).second)
          found.add(points_of_secret_kind, f.entity.value_or("Secret"));
      std::ranges::move(secrets, std::back_inserter(found.findings));
    }
    if (config_.detectors.bulk_sensitive && others.size() >= config_.bulk_sensitive.threshold) {
      found.add(points_of_bulk, "bulk_sensitive");
      std::ranges::move(others, std::back_inserter(found.findings));
    }
  }

  static void add_abnormal(const scanned_text& scanned, exposure& found) {
    for (const auto& pattern : exfiltration::find_abnormal_patterns(scanned.text, scanned.stop)) {
      found.add(points_of_abnormal_kind, std::string{pattern.name});
      for (const auto& place : pattern.places)
        found.findings.push_back(abnormal(pattern.name, place, finding_action::mask));
      // A text as a whole is not masked for being long.
      if (pattern.places.empty())
        found.findings.push_back(abnormal(pattern.name, {0, scanned.text.size()}, finding_action::flag));
    }
  }

  static finding abnormal(std::string_view name, match_range where, finding_action action) {
    finding f;
    f.label = "AbnormalPattern";
    f.span = {where.begin, where.end};
    f.why.pattern = name;
    f.action = action;
    return f;
  }

  static std::string describe(const exposure& found) {
    auto text = "Risk score " + std::to_string(found.points);
    for (std::size_t i = 0; i < found.reasons.size(); ++i)
      text.append(i == 0 ? ": " : ", ").append(found.reasons[i]);
    return text + '.';
  }

  finding decided(finding f, std::uint32_t points) const {
    const auto& limits = config_.action_thresholds;
    const auto whole = f.action == finding_action::flag && f.label == "AbnormalPattern";
    f.check = name();
    f.score = std::min(points / points_of_certainty, 1.0);
    f.threshold = std::min((points < limits.block ? limits.warn : limits.block) / points_of_certainty, 1.0);
    if (points >= limits.block)
      f.action = finding_action::block;
    else if (points < limits.warn)
      f.action = finding_action::pass;
    else if (!whole)
      f.action = finding_action::mask;
    if (f.action == finding_action::mask)
      f.replacement = config_.mask_token;
    return f;
  }

  data_exfiltration_config config_;
  std::unique_ptr<const check> sensitive_;
  std::shared_ptr<const policy_patterns> patterns_;
};

} // namespace

std::unique_ptr<const check> compile_data_exfiltration(compile_context& context) {
  const auto& config = context.config.guardrails.data_exfiltration;
  if (!config.enabled || !config.output_checks)
    return nullptr;
  // Whether sensitive data is a check of its own does not matter here, nor which of it that looks for.
  auto all = context.config;
  all.guardrails.check_sensitive_data = true;
  compile_context everything{all, {}, context.patterns};
  auto sensitive = compile_sensitive_data(everything);
  context.size.recognisers += everything.size.recognisers;
  return std::make_unique<const data_exfiltration_check>(config, std::move(sensitive), context.patterns);
}

} // namespace guardrails::checks
