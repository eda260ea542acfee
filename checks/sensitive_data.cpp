// The sensitive data check: personal data by pattern, checksum and context, and secrets, reported as labels.
#include "checks/recognisers/entity_search.hpp"
#include "checks/registry.hpp"
#include "checks/secrets/secret_search.hpp"

#include <algorithm>
#include <iterator>

namespace guardrails::checks {

namespace {

using secrets::secret_label;

constexpr double threshold = 0.5;

// Labels call a text sensitive as a whole, so an ordinary number that happens to fit a country's checksum
// counts only with a word that names it.
bool counts(const recogniser& r, const entity_hit& hit) {
  const bool told = r.sensitive == sensitivity::by_itself || !hit.context.empty();
  return told && hit.found.score >= threshold;
}

// As in the check of personal data: another language's numbers have to be named.
bool is_wanted(const recogniser& r, std::span<const std::string> only, std::string_view language) {
  return only.empty() ? r.language.empty() || r.language == language : names(r, only);
}

// Whether a form can reach the threshold at all.
bool may_count(const written_form& form) {
  return form.verify != nullptr || !form.checksum.empty() ||
         std::max(form.score + context_bonus, form.least_with_context) >= threshold;
}

bool overlaps(const std::vector<secrets::secret>& found, match_range where) {
  const auto after =
    std::ranges::lower_bound(found, where.end, {}, [](const secrets::secret& s) { return s.where.begin; });
  return after != found.begin() && std::prev(after)->where.end > where.begin;
}

class sensitive_data_check final : public check {
public:
  sensitive_data_check(entity_search entities, secrets::secret_search secrets,
                       std::shared_ptr<const policy_patterns> patterns, bool blocks)
    : entities_{std::move(entities)}
    , secrets_{std::move(secrets)}
    , patterns_{std::move(patterns)}
    , blocks_{blocks} {}

  std::string_view name() const noexcept override { return "sensitive_data"; }
  std::string_view message_key() const noexcept override { return "sensitive_data"; }
  text_form reads() const noexcept override { return text_form::both; }

  bool judge(std::string_view text, check_report& report) const override {
    return judge_scanned({text, patterns_->scan(text), {}}, report);
  }

  // A secret goes before what overlaps it: the end of a password and its host look like an e-mail address.
  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    const auto found_secrets = secrets_.find(scanned, threshold, most_hits);
    const auto hits = entities_.find(scanned, [&](const recogniser& r, const entity_hit& hit) {
      return hit_weight{counts(r, hit) && !overlaps(found_secrets, hit.found.where) ? standing::acts
                                                                                    : standing::ignored};
    });
    for (const auto& hit : hits)
      report.findings.push_back(decided(describe(hit, entities_.recognisers()[hit.recogniser])));
    for (const auto& secret : found_secrets)
      report.findings.push_back(decided(describe(secret)));
    report.sensitive_data = labels(hits, !found_secrets.empty());
    return (hits.empty() && found_secrets.empty()) || !blocks_;
  }

private:
  static finding describe(const secrets::secret& secret) {
    finding f;
    f.label = secret_label;
    f.entity = std::string{secret.entity};
    f.score = secret.score;
    f.span = {secret.where.begin, secret.where.end};
    f.why.pattern = secret.pattern;
    return f;
  }

  static finding describe(const entity_hit& hit, const recogniser& of) { return checks::describe(hit, of); }

  finding decided(finding f) const {
    f.check = name();
    f.threshold = threshold;
    f.action = blocks_ ? finding_action::block : finding_action::flag;
    return f;
  }

  // In the order of the recognisers, secrets last. Several entities share a label: two passports are one
  // `Passport`.
  sensitive_data_report labels(const std::vector<entity_hit>& hits, bool has_secrets) const {
    std::vector<bool> present(entities_.recognisers().size(), false);
    for (const auto& hit : hits)
      present[hit.recogniser] = true;
    std::vector<std::string> found;
    for (std::size_t i = 0; i < present.size(); ++i) {
      const auto& label = entities_.recognisers()[i].label;
      if (present[i] && std::ranges::find(found, label) == found.end())
        found.emplace_back(label);
    }
    if (has_secrets)
      found.emplace_back(secret_label);
    if (found.empty())
      found.emplace_back(no_sensitive_data);
    return {std::move(found)};
  }

  entity_search entities_;
  secrets::secret_search secrets_;
  std::shared_ptr<const policy_patterns> patterns_;
  bool blocks_;
};

} // namespace

std::unique_ptr<const check> compile_sensitive_data(compile_context& context) {
  const auto& config = context.config.guardrails;
  if (!config.check_sensitive_data)
    return nullptr;
  auto chosen = all_recognisers();
  std::erase_if(chosen, [&](const recogniser& r) {
    return r.sensitive == sensitivity::never || !is_wanted(r, context.entities, config.pii.language);
  });
  for (auto& r : chosen)
    std::erase_if(r.forms, [](const written_form& form) { return !may_count(form); });
  context.size.recognisers += chosen.size();
  return std::make_unique<const sensitive_data_check>(
    entity_search{std::move(chosen), context}, secrets::secret_search{context.entities, context.patterns},
    context.patterns, config.block_sensitive_data);
}

} // namespace guardrails::checks
