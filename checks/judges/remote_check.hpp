// A check whose texts a remote judge judges: the rail asks, and the check says what a verdict means.
#pragma once

#include "checks/check.hpp"

#include <guardrails/judging.hpp>
#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace guardrails::checks {

class remote_check : public check {
public:
  virtual judge_subject subject() const noexcept = 0;

  /// Adds what the verdict on a text of `bytes` means to `report`, and returns whether the text passes.
  virtual bool settle(const judge_verdict& verdict, std::size_t bytes, check_report& report) const = 0;

  const remote_check* remote() const noexcept final { return this; }

  /// Throws: without a judge it cannot say anything.
  bool judge(std::string_view text, check_report& report) const final;
};

/// The finding of a flagged verdict: it covers the whole text.
finding judge_finding(std::string_view check, const judge_config& asked, const judge_verdict& verdict,
                      std::size_t bytes, double threshold, finding_action action);

/// One for each subject; the configuration names a remote judge.
std::unique_ptr<const check> compile_remote_toxicity(const guardrails_config& config);
std::unique_ptr<const check> compile_remote_content_class(const guardrails_config& config);

} // namespace guardrails::checks
