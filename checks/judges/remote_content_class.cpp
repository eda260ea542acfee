// The content class check by a remote judge.
#include "checks/judges/remote_check.hpp"
#include "checks/semantic/content_class.hpp"

#include <algorithm>

namespace guardrails::checks {

namespace {

class remote_content_class final : public remote_check {
public:
  explicit remote_content_class(const guardrails_config& config)
    : asked_{config.content_class}
    , blocking_{config.block_classes} {}

  std::string_view name() const noexcept override { return "semantic_class"; }
  std::string_view message_key() const noexcept override { return "malicious"; }
  judge_subject subject() const noexcept override { return judge_subject::content_class; }

  std::string_view failed_key(const check_report& report) const noexcept override {
    const auto found = std::ranges::find(semantic::class_names, report.semantic_class.value_or(""));
    return found == semantic::class_names.end() ? message_key() : *found;
  }

  bool settle(const judge_verdict& verdict, std::size_t bytes, check_report& report) const override {
    report.semantic_class = verdict.flagged ? verdict.label : std::string{};
    if (!verdict.flagged)
      return true;
    const bool blocks = blocking_.empty() || std::ranges::find(blocking_, verdict.label) != blocking_.end();
    report.findings.push_back(judge_finding(name(), asked_, verdict, bytes, counts_from,
                                            blocks ? finding_action::block : finding_action::flag));
    return !blocks;
  }

private:
  static constexpr double counts_from = 0; // a class that the judge names counts, however sure it is

  judge_config asked_;
  std::vector<std::string> blocking_; ///< empty: all
};

} // namespace

std::unique_ptr<const check> compile_remote_content_class(const guardrails_config& config) {
  return std::make_unique<const remote_content_class>(config);
}

} // namespace guardrails::checks
