// The keys of `guardrails.data_exfiltration`.
#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"

namespace guardrails::config {

void add_exfiltration_keys(std::vector<key>& keys) {
  using e = data_exfiltration_config;
  const std::string path = "guardrails.data_exfiltration";
  auto exfiltration = section(path, "Finds secrets and bulk data in answers.").check();
  exfiltration.made.may_be_false = true;
  exfiltration.made.open = [](rails_config& config) { config.guardrails.data_exfiltration = {}; };
  exfiltration.made.present = [](const rails_config& config) {
    return config.guardrails.data_exfiltration.enabled;
  };
  exfiltration.made.runs = [](const rails_config& config) {
    const auto& chosen = config.guardrails.data_exfiltration;
    return config.guardrails.output_checks && chosen.enabled && chosen.output_checks;
  };
  keys.push_back(std::move(exfiltration));
  keys.push_back(
    value(path + ".enabled", in_exfiltration(&e::enabled), {}, "Whether answers are checked for it."));
  keys.push_back(value(path + ".output_checks", in_exfiltration(&e::output_checks), {},
                       "The same, for answers in particular."));
  keys.push_back(section(path + ".action_thresholds", "Points of risk at which something is done."));
  keys.push_back(value(path + ".action_thresholds.warn",
                       in_exfiltration(&e::action_thresholds, &exfiltration_thresholds::warn),
                       between(1, 10'000), "From here on what was found is masked."));
  keys.push_back(value(path + ".action_thresholds.block",
                       in_exfiltration(&e::action_thresholds, &exfiltration_thresholds::block),
                       between(1, 10'000), "From here on the answer is blocked."));
  keys.push_back(section(path + ".detectors", "What adds points."));
  keys.push_back(value(path + ".detectors.secrets",
                       in_exfiltration(&e::detectors, &exfiltration_detectors::secrets), {},
                       "Keys, tokens and passwords: 80 points for each kind."));
  keys.push_back(value(path + ".detectors.bulk_sensitive",
                       in_exfiltration(&e::detectors, &exfiltration_detectors::bulk_sensitive), {},
                       "Sensitive data in bulk: 60 points."));
  keys.push_back(value(path + ".detectors.abnormal_patterns",
                       in_exfiltration(&e::detectors, &exfiltration_detectors::abnormal_patterns), {},
                       "Dumps, encoded blocks, random text and great length: 20 points for each kind."));
  keys.push_back(section(path + ".bulk_sensitive", "What counts as bulk."));
  keys.push_back(value(path + ".bulk_sensitive.threshold",
                       in_exfiltration(&e::bulk_sensitive, &bulk_sensitive_config::threshold),
                       between(1, 10'000), "Findings of sensitive data that are bulk."));
  keys.push_back(
    value(path + ".mask_token", in_exfiltration(&e::mask_token), {}, "What masked spans become."));
}

} // namespace guardrails::config
