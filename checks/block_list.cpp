// The block list check: words and regular expressions that a policy does not want to see.
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "checks/word_list.hpp"

#include <optional>

namespace guardrails::checks {

namespace {

class block_list_check final : public check {
public:
  block_list_check(const block_list_config& config, std::shared_ptr<policy_patterns> patterns,
                   policy_size& size)
    : action_{config.action} {
    if (!config.words.empty())
      size.add_words(config.words.size(),
                     words_.emplace(config.words, "guardrails.block_list.words").memory());
    for (std::size_t i = 0; i < config.patterns.size(); ++i)
      ids_.push_back(
        patterns->add({config.patterns[i], "guardrails.block_list.patterns[" + std::to_string(i) + "]",
                       pattern_origin::user}));
    patterns_ = std::move(patterns);
  }

  std::string_view name() const noexcept override { return "block_list"; }
  std::string_view message_key() const noexcept override { return "block_list"; }

  text_form reads() const noexcept override { return text_form::both; }
  bool masks() const noexcept override { return action_ == finding_action::mask; }

  bool judge(std::string_view text, check_report& report) const override {
    return judge_scanned({text, patterns_->scan(text), {}}, report);
  }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const override {
    const auto before = report.findings.size();
    add_words(scanned.text, report);
    if (has_patterns(scanned.hits))
      add_patterns(scanned, report);
    return report.findings.size() == before || action_ != finding_action::block;
  }

private:
  // Numbers are given in order, so ours lie between the first and the last.
  bool has_patterns(const pattern_hits& hits) const {
    return !ids_.empty() && hits.contains_any(ids_.front(), ids_.back() + 1);
  }

  void add_patterns(const scanned_text& scanned, check_report& report) const {
    for (std::size_t i = 0; i < ids_.size(); ++i)
      if (scanned.hits.contains(ids_[i]))
        for (const auto& where : patterns_->find_all(scanned.text, ids_[i], scanned.stop))
          add(report, where, "patterns", i);
  }

  void add_words(std::string_view text, check_report& report) const {
    if (!words_)
      return;
    for (const auto& m : words_->find_bounded(text))
      add(report, m.where, "words", m.word);
  }

  void add(check_report& report, match_range where, std::string_view list, std::size_t index) const {
    report.findings.push_back(rule_finding(name(), "BlockedTerm", action_, where,
                                           std::string{list} + "[" + std::to_string(index) + "]"));
  }

  std::optional<word_list> words_;
  std::vector<pattern_id> ids_;
  std::shared_ptr<const policy_patterns> patterns_;
  finding_action action_;
};

} // namespace

std::unique_ptr<const check> compile_block_list(compile_context& context) {
  const auto& config = context.config.guardrails.block_list;
  if (!config || (config->words.empty() && config->patterns.empty()))
    return nullptr;
  return std::make_unique<const block_list_check>(*config, context.patterns, context.size);
}

} // namespace guardrails::checks
