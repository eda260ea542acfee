// The content class check: what a text tries to do, by the embedded model and by rules.
#include "checks/judges/remote_check.hpp"
#include "checks/models/head_finding.hpp"
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "checks/semantic/class_rules.hpp"

#include <algorithm>
#include <bitset>
#include <initializer_list>
#include <utility>

namespace guardrails::checks {

namespace {

using models::head;
using semantic::content_class;

/// A rule that matches is believed from here on; without one, a head from its own threshold on.
constexpr double least_beside_rule(content_class is) noexcept {
  switch (is) {
  case content_class::hallucination:
    return 0.1; // the words say it nearly in full
  case content_class::malicious:
    return 1; // the words only tell it from harmful
  default:
    return 0.3;
  }
}

/// What an answer must be at least to have done as it was asked.
constexpr float complied = 0.5F;

/// One class as it was found in a text.
struct found_class {
  content_class is = content_class::jailbreak;
  head by = head::injection;
  std::optional<semantic::rule_match> rule;
  double confidence = 0; ///< how far past its threshold; a rule counts for more than any head
};

class semantic_class_check final : public check {
public:
  semantic_class_check(models::head_model heads, const std::vector<std::string>& block_classes)
    : heads_{std::move(heads)} {
    for (std::size_t i = 0; i < semantic::class_count; ++i)
      blocks_[i] = block_classes.empty() ||
                   std::ranges::find(block_classes, semantic::class_names[i]) != block_classes.end();
  }

  std::string_view name() const noexcept override { return "semantic_class"; }
  std::string_view message_key() const noexcept override { return "malicious"; }
  std::string_view failed_key(const check_report& report) const noexcept override { return key_of(report); }
  bool asks_heads() const noexcept override { return true; }

  bool judge(std::string_view text, check_report& report) const override {
    return judge_scores(text, direction::text, models::score_normalised(text, heads_), report);
  }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    const auto& [text, hits, stop, facing, heads] = scanned;
    return judge_scores(text, facing, heads ? *heads : models::score_normalised(text, heads_), report);
  }

private:
  using found_classes = std::vector<found_class>;

  static std::string_view key_of(const check_report& report) noexcept {
    for (const auto name : semantic::class_names)
      if (report.semantic_class == name)
        return name;
    return "malicious";
  }

  // Which head is asked about which classes depends on who wrote the text.
  found_classes find(std::string_view text, direction facing, const models::head_scores& scores) const {
    found_classes found;
    const auto ask = [&](head by, std::initializer_list<content_class> likeliest_first) {
      const auto p = static_cast<double>(scores[by]);
      const auto least = static_cast<double>(heads_.scale(by).threshold);
      const auto known = found.size();
      for (const auto is : likeliest_first)
        if (p >= std::min(least, least_beside_rule(is)))
          if (const auto rule = rules_.find(text, is))
            found.push_back({is, by, rule, 1 + p});
      if (found.size() == known && p >= least)
        found.push_back({*likeliest_first.begin(), by, std::nullopt, (p - least) / (1 - least)});
    };
    const auto [harm, other_harm] =
      likeliest_first(scores[head::malicious], content_class::malicious, content_class::harmful);
    if (facing == direction::output) {
      ask(head::hedge, {content_class::hallucination});
      if (scores[head::complied] >= complied)
        ask(head::harmful, {harm, other_harm});
      return found;
    }
    const auto [attack, other_attack] =
      likeliest_first(scores[head::jailbreak], content_class::jailbreak, content_class::prompt_injection);
    ask(facing == direction::input ? head::injection : head::injection_data, {attack, other_attack});
    ask(head::code_injection, {content_class::malicious_code_injection});
    ask(head::harmful, {harm, other_harm});
    return found;
  }

  static std::pair<content_class, content_class> likeliest_first(float refining, content_class yes,
                                                                 content_class no) noexcept {
    return refining >= 0.5F ? std::pair{yes, no} : std::pair{no, yes};
  }

  bool judge_scores(std::string_view text, direction facing, const models::head_scores& scores,
                    check_report& report) const {
    auto found = find(text, facing, scores);
    // The surest class is the text's; a blocking one goes before one that is only reported.
    std::ranges::stable_sort(found, [&](const found_class& a, const found_class& b) {
      return std::pair{blocks(a.is), a.confidence} > std::pair{blocks(b.is), b.confidence};
    });
    report.semantic_class = found.empty() ? std::string{} : std::string{semantic::name_of(found.front().is)};
    std::bitset<models::head_count> told;
    for (const auto& f : found)
      if (!told.test(models::index_of(f.by))) {
        told.set(models::index_of(f.by));
        report.findings.push_back(describe(f, text, scores));
      }
    return found.empty() || !blocks(found.front().is);
  }

  bool blocks(content_class c) const { return blocks_[static_cast<std::size_t>(c)]; }

  finding describe(const found_class& found, std::string_view text, const models::head_scores& scores) const {
    const auto label = semantic::name_of(found.is);
    const auto action = blocks(found.is) ? finding_action::block : finding_action::flag;
    if (found.rule)
      return rule_finding(name(), label, action, found.rule->where, std::string{found.rule->rule});
    return models::head_finding(name(), label, heads_, found.by, text, static_cast<double>(scores[found.by]),
                                static_cast<double>(heads_.scale(found.by).threshold), action);
  }

  models::head_model heads_;
  semantic::class_rules rules_;
  std::bitset<semantic::class_count> blocks_;
};

} // namespace

std::unique_ptr<const check> compile_semantic_class(compile_context& context) {
  const auto& config = context.config.guardrails;
  if (!config.check_semantic)
    return nullptr;
  if (config.content_class.engine != judge_engine::embedded)
    return compile_remote_content_class(config);
  return std::make_unique<const semantic_class_check>(context.heads, config.block_classes);
}

} // namespace guardrails::checks
