// The toxicity check: toxic, offensive or neither, by the embedded model.
#include "checks/judges/remote_check.hpp"
#include "checks/models/head_finding.hpp"
#include "checks/models/stoppable_score.hpp"
#include "checks/registry.hpp"

namespace guardrails::checks {

namespace {

using models::head;

constexpr float even = 0.5F;

class toxicity_check final : public check {
public:
  toxicity_check(models::head_model heads, double threshold, bool blocks)
    : heads_{std::move(heads)}
    , threshold_{threshold}
    , blocks_{blocks} {}

  std::string_view name() const noexcept override { return "toxicity"; }
  std::string_view message_key() const noexcept override { return "toxicity"; }
  bool asks_heads() const noexcept override { return true; }

  bool judge(std::string_view text, check_report& report) const override {
    return judge_scores(text, models::score_normalised(text, heads_), {}, report);
  }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    const auto& [text, hits, stop, facing, heads] = scanned;
    return judge_scores(text, heads ? *heads : models::score_until(text, heads_, stop), stop, report);
  }

private:
  bool judge_scores(std::string_view text, const models::head_scores& scores, const stop_function& stop,
                    check_report& report) const {
    const auto p = scores[head::toxicity];
    if (p < even) {
      report.toxicity = {"non-toxic", static_cast<double>(1 - p)};
      return true;
    }
    const auto confidence = static_cast<double>(p);
    report.toxicity = {scores[head::toxic] >= even ? "toxic" : "offensive", confidence};
    if (confidence <= threshold_)
      return true;
    const auto add = [&](std::string_view label, head of, finding_action action) {
      if (stop && stop())
        return;
      report.findings.push_back(models::head_finding(name(), label, heads_, of, text, scores,
                                                     of == head::toxicity ? threshold_ : 0.5, action));
    };
    add(report.toxicity->label, head::toxicity, blocks_ ? finding_action::block : finding_action::flag);
    for (const auto kind : {head::threat, head::sexual, head::self_harm, head::hate})
      if (scores[kind] >= even)
        add(name_of(kind), kind, finding_action::flag);
    return !blocks_;
  }

  models::head_model heads_;
  double threshold_;
  bool blocks_;
};

} // namespace

std::unique_ptr<const check> compile_toxicity(compile_context& context) {
  const auto& config = context.config.guardrails;
  if (!config.check_toxicity)
    return nullptr;
  if (config.toxicity.engine != judge_engine::embedded)
    return compile_remote_toxicity(config);
  return std::make_unique<const toxicity_check>(context.heads, config.toxicity_threshold, config.block_toxic);
}

} // namespace guardrails::checks
