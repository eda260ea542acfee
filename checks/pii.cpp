// The check of personal data: findings with a score, an action and a mask for each entity, as a policy says.
//
// It is the first of a rail's checks and judges the original text; what it masks, no other check and no model
// sees (the rail hands them the masked text and leads their findings back to the original's places).
#include "checks/pii_mask.hpp"
#include "checks/recognisers/custom_entity.hpp"
#include "checks/recognisers/entity_search.hpp"
#include "checks/registry.hpp"
#include "checks/tagger/name_source.hpp"

#include <guardrails/errors.hpp>
#include <guardrails/pii.hpp>

#include <algorithm>

namespace guardrails::checks {

namespace {

/// What a policy says about one entity.
struct entity_rules {
  double threshold = 0;
  finding_action action = finding_action::flag;
  bool mask = false;
  bool needs_context = false; ///< digits that fit by chance, and weak hits, are not looked at
};

bool has_digits_only(std::string_view text, const entity_hit& hit) {
  const auto is_ascii_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return std::ranges::none_of(text.substr(hit.found.where.begin, hit.length()), is_ascii_letter);
}

class pii_check final : public check {
public:
  pii_check(entity_search search, std::vector<entity_rules> rules, const guardrails_config& config)
    : search_{std::move(search)}
    , rules_{std::move(rules)}
    , mask_{mask_in_one_text(config.pii)}
    , below_threshold_{config.pii.below_threshold_action}
    , input_{config.pii.input_checks}
    , output_{config.pii.output_checks}
    , passed_message_{config.messages.text("passed")}
    , failed_message_{config.messages.text("pii")} {}

  std::string_view name() const noexcept override { return "pii"; }
  std::string_view message_key() const noexcept override { return "pii"; }
  text_form reads() const noexcept override { return text_form::both; }
  bool masks_first() const noexcept override { return true; }

  bool masks() const noexcept override { return std::ranges::any_of(rules_, &entity_rules::mask); }

  bool judges(direction dir) const noexcept override {
    return dir == direction::text || (dir == direction::input ? input_ : output_);
  }

  bool judge(std::string_view text, check_report& report) const override {
    return add(text, search_.find(text, judged_by_rules(text)), report);
  }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    return add(scanned.text, search_.find(scanned, judged_by_rules(scanned.text)), report);
  }

private:
  // The judge is as small as fits a function without memory of its own; `text` outlives it.
  hit_judge judged_by_rules(const std::string_view& text) const {
    return [this, &text](const recogniser&, const entity_hit& hit) {
      const auto& rules = rules_[hit.recogniser];
      const bool reaches = hit.found.score >= rules.threshold;
      if (rules.needs_context && hit.context.empty() && (!reaches || has_digits_only(text, hit)))
        return hit_weight{};
      if (reaches)
        return weight_of(rules);
      return hit_weight{below_threshold_ == below_threshold_action::flag ? standing::below_threshold
                                                                         : standing::ignored};
    };
  }

  // What masks or does more must not give way to what does not.
  static hit_weight weight_of(const entity_rules& rules) {
    if (rules.action == finding_action::pass && !rules.mask)
      return {};
    return {standing::acts, static_cast<std::uint8_t>(1 + static_cast<int>(rules.action)), rules.mask};
  }

  bool add(std::string_view text, const std::vector<entity_hit>& hits, check_report& report) const {
    bool passes = true;
    mask_numbers numbers;
    report.findings.reserve(report.findings.size() + hits.size());
    for (const auto& hit : hits) {
      report.findings.push_back(to_finding(text, hit, numbers));
      passes &= report.findings.back().action != finding_action::block;
    }
    report.pii = verdict_report{passes, passes ? passed_message_ : failed_message_};
    return passes;
  }

  finding to_finding(std::string_view text, const entity_hit& hit, mask_numbers& numbers) const {
    const auto& rules = rules_[hit.recogniser];
    auto f = describe(hit, search_.recognisers()[hit.recogniser]);
    f.check = name();
    f.threshold = rules.threshold;
    f.action = finding_action::flag;
    if (f.score < rules.threshold)
      return f;
    f.action = rules.action;
    if (rules.mask)
      f.replacement =
        mask_.replacement(*f.entity, text.substr(f.span.begin, f.span.end - f.span.begin), numbers);
    return f;
  }

  entity_search search_;
  std::vector<entity_rules> rules_;
  pii_mask mask_;
  below_threshold_action below_threshold_;
  bool input_;
  bool output_;
  std::string passed_message_;
  std::string failed_message_;
};

/// Whether the policy looks for an entity at all. An entity of a country that the language does not belong to
/// has to be named.
bool is_wanted(const recogniser& r, const pii_config& config, std::span<const std::string> only) {
  if (!config.enable_phi_detection && r.entity.starts_with("PHI_"))
    return false;
  if (!only.empty() && !names(r, only))
    return false;
  if (!config.entity_types.empty())
    return names(r, config.entity_types);
  return !only.empty() || r.language.empty() || r.language == config.language;
}

// A configuration made in code was not read by the one that knows names (config/entity_names.hpp).
void refuse_unknown(const pii_config& config) {
  const auto refuse = [&](const std::string& name, const std::string& key_path) {
    if (!std::ranges::binary_search(known_entities(), name) && !config.custom_entities.contains(name))
      throw config_error({}, key_path, "is not an entity");
  };
  for (std::size_t i = 0; i < config.entity_types.size(); ++i)
    refuse(config.entity_types[i], "guardrails.pii.entity_types[" + std::to_string(i) + "]");
  for (const auto& [name, threshold] : config.entity_thresholds)
    refuse(name, "guardrails.pii.entity_thresholds." + name);
  for (const auto& [name, policy] : config.entity_policies)
    refuse(name, "guardrails.pii.entity_policies." + name);
}

entity_rules rules_for(const recogniser& r, const pii_config& config, bool named) {
  entity_rules rules{config.default_confidence_threshold, config.default_action, config.default_mask,
                     r.sensitive == sensitivity::with_context && !named};
  if (const auto found = config.entity_thresholds.find(r.entity); found != config.entity_thresholds.end())
    rules.threshold = found->second;
  if (const auto found = config.entity_policies.find(r.entity); found != config.entity_policies.end()) {
    rules.action = found->second.action.value_or(rules.action);
    rules.mask = found->second.mask.value_or(rules.mask);
    rules.needs_context = false;
  }
  return rules;
}

// A password in an address is the secrets' business, who must see it. Where no check stops secrets, the mask
// of what looks like an e-mail address is all that keeps it back.
bool stops_secrets(const compile_context& context) {
  const auto& config = context.config.guardrails;
  const auto runs =
    context.only.empty() || std::ranges::find(context.only, "sensitive_data") != context.only.end();
  return runs && context.entities.empty() && config.check_sensitive_data && config.block_sensitive_data;
}

void mask_passwords(std::vector<recogniser>& chosen) {
  for (auto& r : chosen)
    if (r.entity == "EMAIL_ADDRESS")
      r.forms.push_back(password_and_host_form());
}

} // namespace

std::unique_ptr<const check> compile_pii(compile_context& context) {
  const auto& config = context.config.guardrails.pii;
  // Whoever names the check wants it, with its defaults.
  if (!config.enabled && std::ranges::find(context.only, "pii") == context.only.end())
    return nullptr;
  refuse_unknown(config);
  auto chosen = all_recognisers();
  for (const auto& [name, entity] : config.custom_entities)
    chosen.push_back(to_recogniser(name, entity));
  std::erase_if(chosen, [&](const recogniser& r) { return !is_wanted(r, config, context.entities); });
  if (!stops_secrets(context))
    mask_passwords(chosen);
  const bool named = !context.entities.empty() || !config.entity_types.empty();
  std::vector<entity_rules> rules;
  for (const auto& r : chosen)
    rules.push_back(rules_for(r, config, named));
  auto names = tagger::name_sources(chosen);
  context.size.recognisers += chosen.size();
  if (!names.empty())
    context.size.tagger_bytes = tagger::embedded_model_bytes();
  return std::make_unique<const pii_check>(entity_search{std::move(chosen), context, std::move(names)},
                                           std::move(rules), context.config.guardrails);
}

} // namespace guardrails::checks
