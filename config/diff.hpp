// What differs between two configurations, key by key.
#pragma once

#include <guardrails/rails_config.hpp>

#include <string>
#include <vector>

namespace guardrails::config {

/// One key that changed. Values are written as in YAML, `not set` where there is none; a secret shows as
/// `***`, and as `*** (changed)` after the change.
struct config_change {
  std::string key_path;
  std::string before;
  std::string after;

  bool operator==(const config_change&) const = default;
};

/// Every key whose value differs, in the order of the key table.
std::vector<config_change> diff(const rails_config& before, const rails_config& after);

} // namespace guardrails::config
