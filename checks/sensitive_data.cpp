// The sensitive data check: personal data by pattern, checksum and context, and secrets, reported as labels.
#include "checks/recognisers/context.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/registry.hpp"
#include "checks/secrets/secret_form.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

namespace guardrails::checks {

namespace {

constexpr double threshold = 0.5;
constexpr double context_bonus = 0.35;
constexpr std::string_view secret_label = "Secret";

// Findings that are listed one by one, and hits after which a written form is not searched any further; past
// them the rest of the text counts as one finding. Bounds the work and the report on hostile texts.
constexpr std::size_t most_findings = 10'000;

struct compiled_form {
  pattern_id id;
  verifier verify;
  double least_with_context;
  std::string name;
};

struct compiled_recogniser {
  std::string label;
  std::string entity;
  std::vector<compiled_form> forms;
  std::vector<std::string_view> context;
  bool refutable;
};

struct compiled_secret_form {
  pattern_id id;
  secrets::secret_form form;
};

struct hit {
  recognised found;
  std::size_t recogniser; // the number of recognisers: a secret
  std::size_t form;
  std::vector<std::string> context;
  secrets::secret secret; // if it is one

  std::size_t length() const noexcept { return found.where.end - found.where.begin; }
};

/// The hits of one text. `rest` has for each recogniser the first hit, if any, after which it is not listed
/// any more: that one stands for the rest of the text.
struct hit_list {
  std::vector<hit> hits;
  std::vector<std::optional<hit>> rest;

  void leave_to_rest(hit h) {
    auto& slot = rest[h.recogniser];
    if (!slot || h.found.where.begin < slot->found.where.begin)
      slot = std::move(h);
  }
};

// In the order of the report's labels.
std::vector<recogniser> all_recognisers() {
  return {email_recogniser(), phone_recogniser(),      credit_card_recogniser(),
          ssn_recogniser(),   ip_address_recogniser(), iban_recogniser()};
}

// Of hits that overlap, a secret stays (the end of a password and its host look like an e-mail address), then
// the one with the higher score, then the longer one.
std::vector<hit> without_overlaps(std::vector<hit> hits) {
  std::ranges::stable_sort(hits, [](const hit& a, const hit& b) {
    if (a.secret.entity.empty() != b.secret.entity.empty())
      return b.secret.entity.empty();
    return a.found.score != b.found.score ? a.found.score > b.found.score : a.length() > b.length();
  });
  std::map<std::size_t, hit> kept; // by begin
  for (auto& h : hits) {
    const auto after = kept.lower_bound(h.found.where.end);
    if (after == kept.begin() || std::prev(after)->second.found.where.end <= h.found.where.begin)
      kept.emplace_hint(after, h.found.where.begin, std::move(h));
  }
  std::vector<hit> ordered;
  ordered.reserve(kept.size());
  for (auto& [begin, h] : kept)
    ordered.push_back(std::move(h));
  return ordered;
}

class sensitive_data_check final : public check {
public:
  sensitive_data_check(std::vector<compiled_recogniser> recognisers,
                       std::vector<compiled_secret_form> secret_forms,
                       std::vector<std::string> secret_entities,
                       std::shared_ptr<const policy_patterns> patterns, bool blocks)
    : recognisers_{std::move(recognisers)}
    , secret_forms_{std::move(secret_forms)}
    , secret_entities_{std::move(secret_entities)}
    , patterns_{std::move(patterns)}
    , blocks_{blocks} {}

  std::string_view name() const noexcept override { return "sensitive_data"; }
  std::string_view message_key() const noexcept override { return "sensitive_data"; }
  text_form reads() const noexcept override { return text_form::both; }

  bool judge(std::string_view text, check_report& report) const override {
    return judge_scanned({text, patterns_->scan(text), {}}, report);
  }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    hit_list all{{}, std::vector<std::optional<hit>>(recognisers_.size() + 1)};
    for (std::size_t i = 0; i < recognisers_.size(); ++i)
      for (std::size_t form = 0; form < recognisers_[i].forms.size(); ++form)
        collect(scanned, i, form, all);
    for (std::size_t i = 0; i < secret_forms_.size(); ++i)
      collect_secrets(scanned, i, all);
    auto hits = without_overlaps(std::move(all.hits));
    std::vector<bool> present(recognisers_.size() + 1, false);
    for (std::size_t i = 0; i < hits.size(); ++i) {
      present[hits[i].recogniser] = true;
      if (i < most_findings)
        report.findings.push_back(to_finding(hits[i]));
      else
        all.leave_to_rest(std::move(hits[i]));
    }
    for (auto& rest : all.rest) {
      if (!rest)
        continue;
      present[rest->recogniser] = true;
      rest->found.where.end = scanned.text.size();
      report.findings.push_back(to_finding(*rest));
    }
    report.sensitive_data = labels(present);
    return std::ranges::none_of(present, std::identity{}) || !blocks_;
  }

private:
  void collect(const scanned_text& scanned, std::size_t index, std::size_t form, hit_list& all) const {
    const auto& f = recognisers_[index].forms[form];
    if (!scanned.hits.contains(f.id))
      return;
    std::size_t count = 0;
    patterns_->for_each_candidate(scanned.text, f.id, scanned.stop, [&](match_range candidate) {
      const auto said = f.verify(scanned.text, candidate);
      if (!said.hit)
        return search_step{said.resume};
      hit h{*said.hit, index, form, {}, {}};
      weigh(scanned.text, h);
      if (h.found.score < threshold)
        return search_step{said.resume};
      if (++count > most_findings) {
        all.leave_to_rest(std::move(h));
        return search_step{scanned.text.size() + 1};
      }
      all.hits.push_back(std::move(h));
      return search_step{said.resume};
    });
  }

  void collect_secrets(const scanned_text& scanned, std::size_t form, hit_list& all) const {
    const auto& f = secret_forms_[form];
    if (!scanned.hits.contains(f.id))
      return;
    std::size_t count = 0;
    patterns_->for_each_candidate(scanned.text, f.id, scanned.stop, [&](match_range candidate) {
      auto said = f.form.verify(scanned.text, candidate);
      if (said.hit)
        said.announced.push_back(*said.hit);
      for (const auto& found : said.announced) {
        if (found.score < threshold || !is_wanted(found))
          continue;
        hit h{{found.where, found.score, {}}, recognisers_.size(), form, {}, found};
        if (++count > most_findings) {
          all.leave_to_rest(std::move(h));
          return search_step{scanned.text.size() + 1};
        }
        all.hits.push_back(std::move(h));
      }
      return search_step{said.resume};
    });
  }

  bool is_wanted(const secrets::secret& found) const {
    return secret_entities_.empty() ||
           std::ranges::find(secret_entities_, found.entity) != secret_entities_.end();
  }

  // The words before the hit: those that name the entity lift the score, those that name something else drop
  // it.
  void weigh(std::string_view text, hit& h) const {
    if (h.found.score >= 1.0)
      return;
    const auto& r = recognisers_[h.recogniser];
    const auto words = words_before(text, h.found.where.begin);
    h.context = find_context(words, r.context);
    if (r.refutable && names_other_number(words))
      h.found.score = 0;
    else if (!h.context.empty())
      h.found.score = std::clamp(h.found.score + context_bonus, r.forms[h.form].least_with_context, 1.0);
  }

  finding to_finding(const hit& h) const {
    finding f;
    f.check = name();
    if (h.recogniser == recognisers_.size()) {
      f.label = secret_label;
      f.entity = std::string{h.secret.entity};
      f.why.pattern = h.secret.pattern;
    } else {
      const auto& r = recognisers_[h.recogniser];
      f.label = r.label;
      f.entity = r.entity;
      f.why.pattern = r.forms[h.form].name;
    }
    f.score = h.found.score;
    f.threshold = threshold;
    f.action = blocks_ ? finding_action::block : finding_action::flag;
    f.span = {h.found.where.begin, h.found.where.end};
    f.why.checksum = h.found.checksum;
    f.why.context = h.context;
    return f;
  }

  sensitive_data_report labels(const std::vector<bool>& present) const {
    sensitive_data_report found;
    for (std::size_t i = 0; i < recognisers_.size(); ++i)
      if (present[i])
        found.predicted_labels.push_back(recognisers_[i].label);
    if (present.back())
      found.predicted_labels.emplace_back(secret_label);
    if (found.predicted_labels.empty())
      found.predicted_labels.emplace_back(no_sensitive_data);
    return found;
  }

  std::vector<compiled_recogniser> recognisers_;
  std::vector<compiled_secret_form> secret_forms_;
  std::vector<std::string> secret_entities_; // those looked for; empty: all
  std::shared_ptr<const policy_patterns> patterns_;
  bool blocks_;
};

bool is_secret(std::string_view entity) {
  return std::ranges::binary_search(secrets::all_secret_entities(), entity);
}

void refuse_unknown(std::span<const std::string> entities, const std::vector<recogniser>& known) {
  for (const auto& name : entities)
    if (name != secret_label && !is_secret(name) &&
        std::ranges::none_of(known, [&](const recogniser& r) { return name == r.entity || name == r.label; }))
      throw config_error({}, name, "no such entity");
}

// The entities among `chosen` that are secrets; none and true: all of them.
std::pair<bool, std::vector<std::string>> wanted_secrets(std::span<const std::string> chosen) {
  if (chosen.empty() || std::ranges::find(chosen, secret_label) != chosen.end())
    return {true, {}};
  std::vector<std::string> entities;
  std::ranges::copy_if(chosen, std::back_inserter(entities), is_secret);
  return {!entities.empty(), entities};
}

std::vector<compiled_secret_form> register_secret_forms(policy_patterns& patterns) {
  std::vector<compiled_secret_form> compiled;
  for (auto& form : secrets::all_secret_forms()) {
    const auto id = patterns.add({form.expression, std::string{secret_label}, pattern_origin::built_in});
    compiled.push_back({id, std::move(form)});
  }
  return compiled;
}

compiled_recogniser register_forms(recogniser r, policy_patterns& patterns) {
  compiled_recogniser compiled{
    std::string{r.label}, std::string{r.entity}, {}, std::move(r.context), r.refutable};
  for (auto& form : r.forms) {
    const auto id = patterns.add({form.expression, compiled.entity, pattern_origin::built_in});
    compiled.forms.push_back({id, form.verify, form.least_with_context, std::move(form.name)});
  }
  return compiled;
}

} // namespace

std::unique_ptr<const check> compile_sensitive_data(compile_context& context) {
  const auto& config = context.config.guardrails;
  if (!config.check_sensitive_data)
    return nullptr;
  auto known = all_recognisers();
  refuse_unknown(context.entities, known);
  std::vector<compiled_recogniser> chosen;
  for (auto& r : known) {
    const auto wanted = [&](const std::string& name) { return name == r.entity || name == r.label; };
    if (context.entities.empty() || std::ranges::any_of(context.entities, wanted))
      chosen.push_back(register_forms(std::move(r), *context.patterns));
  }
  auto [with_secrets, secret_entities] = wanted_secrets(context.entities);
  auto secret_forms =
    with_secrets ? register_secret_forms(*context.patterns) : std::vector<compiled_secret_form>{};
  return std::make_unique<const sensitive_data_check>(std::move(chosen), std::move(secret_forms),
                                                      std::move(secret_entities), context.patterns,
                                                      config.block_sensitive_data);
}

} // namespace guardrails::checks
