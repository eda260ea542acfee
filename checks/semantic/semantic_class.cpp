// The content class check: what a text tries to do, by the embedded model and by rules.
#include "checks/judges/remote_check.hpp"
#include "checks/models/head_finding.hpp"
#include "checks/models/stoppable_score.hpp"
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "checks/semantic/class_rules.hpp"

#include <algorithm>
#include <bitset>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace guardrails::checks {

namespace {

using models::head;
using semantic::content_class;

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
  bool judges_tool_results() const noexcept override { return true; }

  bool judge(std::string_view text, check_report& report) const override {
    return judge_asked({text, direction::text, models::score_normalised(text, heads_), {}}, report);
  }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    const auto& [text, hits, stop, facing, heads] = scanned;
    return judge_asked({text, facing, heads ? *heads : models::score_until(text, heads_, stop), stop},
                       report);
  }

private:
  using found_classes = std::vector<found_class>;

  /// A text, whose it is, and what the heads say of it.
  struct asked_text {
    std::string_view text;
    direction facing;
    models::head_scores scores;
    const stop_function& stop;
  };

  static std::string_view key_of(const check_report& report) noexcept {
    for (const auto name : semantic::class_names)
      if (report.semantic_class == name)
        return name;
    return "malicious";
  }

  // Which head is asked about which classes depends on who wrote the text.
  found_classes find(const asked_text& asked) const {
    const auto& scores = asked.scores;
    found_classes found;
    std::optional<models::head_scores> unquoted;
    const auto ask = [&](head by, std::initializer_list<content_class> likeliest_first) {
      const semantic::belief belief{static_cast<double>(scores[by]),
                                    static_cast<double>(heads_.scale(by).threshold)};
      const auto known = found.size();
      for (const auto is : likeliest_first)
        if (const auto rule = rules_.find(asked.text, is, belief, asked.stop))
          found.push_back({is, by, rule, 1 + belief.probability});
      if (found.size() > known || belief.probability < belief.threshold)
        return;
      if (!unquoted)
        unquoted = score_unquoted(asked);
      if (static_cast<double>((*unquoted)[by]) >= belief.threshold)
        found.push_back({*likeliest_first.begin(), by, std::nullopt,
                         (belief.probability - belief.threshold) / (1 - belief.threshold)});
    };
    const auto [harm, other_harm] =
      likeliest_first(scores[head::malicious], content_class::malicious, content_class::harmful);
    if (asked.facing == direction::output) {
      ask(head::hedge, {content_class::hallucination});
      if (scores[head::complied] >= complied)
        ask(head::harmful, {harm, other_harm});
      return found;
    }
    const auto [attack, other_attack] =
      likeliest_first(scores[head::jailbreak], content_class::jailbreak, content_class::prompt_injection);
    ask(asked.facing == direction::input ? head::injection : head::injection_data, {attack, other_attack});
    ask(head::code_injection, {content_class::malicious_code_injection});
    ask(head::harmful, {harm, other_harm});
    return found;
  }

  // N-grams do not tell an attack from one that is quoted to talk about it: such quotations are left out.
  models::head_scores score_unquoted(const asked_text& asked) const {
    const auto quotations = rules_.talk().find(asked.text);
    if (quotations.empty())
      return asked.scores;
    std::string rest{asked.text};
    for (const auto& q : quotations)
      rest.replace(q.begin, q.end - q.begin, q.end - q.begin, ' ');
    return models::score_until(rest, heads_, asked.stop);
  }

  static std::pair<content_class, content_class> likeliest_first(float refining, content_class yes,
                                                                 content_class no) noexcept {
    return refining >= 0.5F ? std::pair{yes, no} : std::pair{no, yes};
  }

  bool judge_asked(const asked_text& asked, check_report& report) const {
    auto found = find(asked);
    // The surest class is the text's; a blocking one goes before one that is only reported.
    std::ranges::stable_sort(found, [&](const found_class& a, const found_class& b) {
      return std::pair{blocks(a.is), a.confidence} > std::pair{blocks(b.is), b.confidence};
    });
    report.semantic_class = found.empty() ? std::string{} : std::string{semantic::name_of(found.front().is)};
    std::bitset<models::head_count> told;
    for (const auto& f : found)
      if (!told.test(models::index_of(f.by)) && !(asked.stop && asked.stop())) {
        told.set(models::index_of(f.by));
        report.findings.push_back(describe(f, asked));
      }
    return found.empty() || !blocks(found.front().is);
  }

  bool blocks(content_class c) const { return blocks_[static_cast<std::size_t>(c)]; }

  finding describe(const found_class& found, const asked_text& asked) const {
    const auto label = semantic::name_of(found.is);
    const auto action = blocks(found.is) ? finding_action::block : finding_action::flag;
    if (!found.rule)
      return models::head_finding(name(), label, heads_, found.by, asked.text, asked.scores,
                                  static_cast<double>(heads_.scale(found.by).threshold), action);
    auto told = rule_finding(name(), label, action, found.rule->where, std::string{found.rule->rule});
    if (found.rule->least > 0) { // otherwise it needs no head, and is as sure as any rule
      told.score = static_cast<double>(asked.scores[found.by]);
      told.threshold = found.rule->least;
      told.model_version = heads_.version();
    }
    return told;
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
