// The ban list check: named lists of words and phrases, such as those of competitors, each with its action.
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "checks/word_list.hpp"

#include <algorithm>
#include <vector>

namespace guardrails::checks {

namespace {

struct named_list {
  std::string name;
  word_list words;
  finding_action action;
};

class ban_list_check final : public text_check {
public:
  ban_list_check(const std::map<std::string, banned_terms>& lists, policy_size& size) {
    for (const auto& [name, terms] : lists) {
      lists_.push_back({name, word_list{terms.words, "guardrails.ban_list." + name}, terms.action});
      size.add_words(terms.words.size(), lists_.back().words.memory());
    }
  }

  std::string_view name() const noexcept override { return "ban_list"; }
  std::string_view message_key() const noexcept override { return "block_list"; }

  bool masks() const noexcept override {
    return std::ranges::find(lists_, finding_action::mask, &named_list::action) != lists_.end();
  }

  text_form reads() const noexcept override { return text_form::both; }

private:
  // List by list: a longer phrase of one list must not hide a word of another, which may have another action.
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    bool passes = true;
    for (const auto& list : lists_) {
      if (stop && stop())
        break;
      const auto matches = list.words.find_bounded(text);
      for (const auto& m : matches)
        report.findings.push_back(rule_finding(name(), list.name, list.action, m.where,
                                               list.name + "[" + std::to_string(m.word) + "]"));
      passes &= matches.empty() || list.action != finding_action::block;
    }
    return passes;
  }

  std::vector<named_list> lists_;
};

} // namespace

std::unique_ptr<const check> compile_ban_list(compile_context& context) {
  const auto& lists = context.config.guardrails.ban_list;
  if (lists.empty())
    return nullptr;
  return std::make_unique<const ban_list_check>(lists, context.size);
}

} // namespace guardrails::checks
