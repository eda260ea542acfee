// The toxicity check by a remote judge.
#include "checks/judges/remote_check.hpp"

namespace guardrails::checks {

namespace {

class remote_toxicity final : public remote_check {
public:
  explicit remote_toxicity(const guardrails_config& config)
    : asked_{config.toxicity}
    , threshold_{config.toxicity_threshold}
    , blocks_{config.block_toxic} {}

  std::string_view name() const noexcept override { return "toxicity"; }
  std::string_view message_key() const noexcept override { return "toxicity"; }
  judge_subject subject() const noexcept override { return judge_subject::toxicity; }

  bool settle(const judge_verdict& verdict, std::size_t bytes, check_report& report) const override {
    if (!verdict.flagged) {
      report.toxicity = {"non-toxic", 1 - verdict.score};
      return true;
    }
    report.toxicity = {verdict.label, verdict.score};
    if (!verdict.settled && verdict.score <= threshold_)
      return true;
    report.findings.push_back(judge_finding(name(), asked_, verdict, bytes, verdict.settled ? 0 : threshold_,
                                            blocks_ ? finding_action::block : finding_action::flag));
    return !blocks_;
  }

private:
  judge_config asked_;
  double threshold_;
  bool blocks_;
};

} // namespace

std::unique_ptr<const check> compile_remote_toxicity(const guardrails_config& config) {
  return std::make_unique<const remote_toxicity>(config);
}

} // namespace guardrails::checks
