// The sensitive data check: personal data by pattern, checksum and context, reported as labels.
#include "checks/recognisers/context.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/registry.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

namespace guardrails::checks {

namespace {

constexpr double threshold = 0.5;
constexpr double context_bonus = 0.35;
constexpr std::string_view clean_label = "No sensitive data detected";

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

struct hit {
  recognised found;
  std::size_t recogniser;
  std::size_t form;
  std::vector<std::string> context;

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

// Of hits that overlap, the one with the higher score stays, then the longer one.
std::vector<hit> without_overlaps(std::vector<hit> hits) {
  std::ranges::stable_sort(hits, [](const hit& a, const hit& b) {
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
                       std::shared_ptr<const policy_patterns> patterns, bool blocks)
    : recognisers_{std::move(recognisers)}
    , patterns_{std::move(patterns)}
    , blocks_{blocks} {}

  std::string_view name() const noexcept override { return "sensitive_data"; }
  std::string_view message_key() const noexcept override { return "sensitive_data"; }

  bool judge(std::string_view text, check_report& report) const override {
    return judge_scanned({text, patterns_->scan(text), {}}, report);
  }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    hit_list all{{}, std::vector<std::optional<hit>>(recognisers_.size())};
    for (std::size_t i = 0; i < recognisers_.size(); ++i)
      for (std::size_t form = 0; form < recognisers_[i].forms.size(); ++form)
        collect(scanned, i, form, all);
    auto hits = without_overlaps(std::move(all.hits));
    std::vector<bool> present(recognisers_.size(), false);
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
      hit h{*said.hit, index, form, {}};
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
    const auto& r = recognisers_[h.recogniser];
    finding f;
    f.check = name();
    f.label = r.label;
    f.entity = r.entity;
    f.score = h.found.score;
    f.threshold = threshold;
    f.action = blocks_ ? finding_action::block : finding_action::flag;
    f.span = {h.found.where.begin, h.found.where.end};
    f.why.pattern = r.forms[h.form].name;
    f.why.checksum = h.found.checksum;
    f.why.context = h.context;
    return f;
  }

  sensitive_data_report labels(const std::vector<bool>& present) const {
    sensitive_data_report found;
    for (std::size_t i = 0; i < recognisers_.size(); ++i)
      if (present[i])
        found.predicted_labels.push_back(recognisers_[i].label);
    if (found.predicted_labels.empty())
      found.predicted_labels.emplace_back(clean_label);
    return found;
  }

  std::vector<compiled_recogniser> recognisers_;
  std::shared_ptr<const policy_patterns> patterns_;
  bool blocks_;
};

void refuse_unknown(std::span<const std::string> entities, const std::vector<recogniser>& known) {
  for (const auto& name : entities)
    if (std::ranges::none_of(known, [&](const recogniser& r) { return name == r.entity || name == r.label; }))
      throw config_error({}, name, "no such entity");
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
  return std::make_unique<const sensitive_data_check>(std::move(chosen), context.patterns,
                                                      config.block_sensitive_data);
}

} // namespace guardrails::checks
