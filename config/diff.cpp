// Compares along the key table.
#include "config/diff.hpp"

#include "config/keys.hpp"

namespace guardrails::config {

namespace {

std::string shown(const key& k, const rails_config& config) {
  const auto text = k.write(config);
  if (!text)
    return "not set";
  return k.secret ? "***" : *text;
}

} // namespace

std::vector<config_change> diff(const rails_config& before, const rails_config& after) {
  std::vector<config_change> changes;
  for (const auto& k : all_keys()) {
    if (k.kind == key_kind::section && k.present && k.present(before) != k.present(after)) {
      const auto words = [&](const rails_config& config) {
        return k.present(config) ? "present" : "not set";
      };
      changes.push_back({k.path, words(before), words(after)});
    }
    if (k.kind != key_kind::value || k.same(before, after))
      continue;
    config_change change{k.path, shown(k, before), shown(k, after)};
    if (change.before == change.after)
      change.after += " (changed)";
    changes.push_back(std::move(change));
  }
  return changes;
}

} // namespace guardrails::config
