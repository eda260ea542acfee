// The keys of `guardrails.pii`.
#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"

namespace guardrails::config {

namespace {

constexpr std::size_t most_entities = 1'000;

limits entity_policy_limits() {
  return {.max_items = most_entities,
          .members = {{"action", {.choices = {"flag", "block", "review", "pass"}}}, {"mask", {}}}};
}

limits custom_entity_limits() {
  return {.max_items = most_entities,
          .members = {{"patterns", texts(100, &blocked_pattern)},
                      {"context", texts(100, &blocked_word)},
                      {"score", between(0, 1)},
                      {"validator", optional_text(validator_name)}}};
}

} // namespace

void add_pii_keys(std::vector<key>& keys) {
  using p = pii_config;
  const std::string path = "guardrails.pii";
  auto pii = section(path, "Finds and masks personal data; docs/pii.md lists the entities.").check();
  pii.made.may_be_false = true;
  pii.made.open = [](rails_config& config) { config.guardrails.pii = {}; };
  pii.made.present = [](const rails_config& config) { return config.guardrails.pii.enabled; };
  pii.made.runs = [](const rails_config& config) {
    const auto& rails = config.guardrails;
    return rails.pii.enabled && ((rails.input_checks && rails.pii.input_checks) ||
                                 (rails.output_checks && rails.pii.output_checks));
  };
  keys.push_back(std::move(pii));
  const auto add = [&](const char* name, auto member, limits allowed, std::string doc) {
    keys.push_back(value(path + '.' + name, in_pii(member), std::move(allowed), std::move(doc)));
  };
  auto thresholds = between(0, 1);
  thresholds.max_items = most_entities;
  add("enabled", &p::enabled, {}, "Whether texts are checked for it.");
  add("input_checks", &p::input_checks, {}, "The same, for what users write in particular.");
  add("output_checks", &p::output_checks, {}, "The same, for answers in particular.");
  add("language", &p::language, text(language_tag),
      "The language of the texts; numbers of countries that speak another one are looked for when "
      "entity_types names them.");
  add("entity_types", &p::entity_types, texts(most_entities),
      "The entities that are looked for; empty: all of the language.");
  add("entity_thresholds", &p::entity_thresholds, thresholds, "The score that counts, by entity.");
  add("default_confidence_threshold", &p::default_confidence_threshold, between(0, 1),
      "The score that counts for all other entities.");
  add("below_threshold_action", &p::below_threshold_action, {},
      "Whether hits with a lower score are reported; they are never masked.");
  add("default_action", &p::default_action, {.choices = {"flag", "block", "review", "pass"}},
      "What a hit does: report it, fail the text, mark it for review, or nothing.");
  add("default_mask", &p::default_mask, {}, "Whether hits are masked, whatever the action.");
  add("enable_phi_detection", &p::enable_phi_detection, {},
      "Whether health data is looked for (entities that start with PHI_).");
  add("entity_policies", &p::entity_policies, entity_policy_limits(),
      "What departs from default_action and default_mask, by entity.");
  add("mask_format", &p::mask_format, text(mask_format),
      "What stands in the place of a hit; docs/pii.md shows the formats.");
  add("mask_key", &p::mask_key, optional_text(one_line), "The key of the mask format hash.");
  add("custom_entities", &p::custom_entities, custom_entity_limits(), "Own entities, by name.");
  add("reversible", &p::reversible, {},
      "Whether the model is sent numbered placeholders and its answer has the originals back.");
}

} // namespace guardrails::config
