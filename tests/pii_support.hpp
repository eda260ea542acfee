// Configurations and readings of the tests of personal data.
#pragma once

#include "tests/check_support.hpp"

#include <guardrails/errors.hpp>

#include <string>
#include <string_view>

namespace guardrails::checks::testing {

/// Personal data alone, with the defaults.
inline rails_config pii_only() {
  rails_config config;
  config.guardrails.check_toxicity = config.guardrails.check_semantic = false;
  config.guardrails.check_sensitive_data = false;
  config.guardrails.pii.enabled = true;
  return config;
}

inline rails_config looking_for(const std::string& entity) {
  auto config = pii_only();
  config.guardrails.pii.entity_types = {entity};
  return config;
}

inline std::string masked(const rails_config& config, std::string_view text) {
  return apply_replacements(text, 0, judge(config, text).findings);
}

inline finding only_finding(const rails_config& config, std::string_view text) {
  const auto report = judge(config, text);
  return report.findings.size() == 1 ? report.findings[0] : finding{};
}

/// The findings as `ENTITY[quoted text]`.
inline std::string entities_in(const rails_config& config, std::string_view text) {
  std::string out;
  for (const auto& f : judge(config, text).findings)
    out.append(out.empty() ? "" : "; ")
      .append(*f.entity)
      .append("[")
      .append(text.substr(f.span.begin, f.span.end - f.span.begin))
      .append("]");
  return out;
}

inline bool is_refused(const rails_config& config, std::string_view key_path) {
  try {
    compile_rail(config, direction::text);
  } catch (const config_error& error) {
    return error.key_path() == key_path;
  }
  return false;
}

} // namespace guardrails::checks::testing
