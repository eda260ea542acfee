// The rails and the budget, one after the other, and their verdicts as one.
#include "apps/text_judge.hpp"

#include "actors/vocabulary.hpp"

#include <guardrails/json.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace guardrails::apps {

namespace {

constexpr std::string_view budget_name = "token_budget";

} // namespace

boost::json::object to_json(const text_verdict& verdict) {
  auto object = guardrails::to_json(verdict.report).as_object();
  if (verdict.token_budget)
    object["token_budget"] = guardrails::to_json(*verdict.token_budget);
  return object;
}

text_judge::text_judge(const rails_config& config, std::span<const std::string> only,
                       std::span<const std::string> entities)
  : messages_{config.guardrails.messages} {
  std::vector<std::string> others{only.begin(), only.end()};
  const bool named = std::erase(others, budget_name) > 0;
  // Whoever names the check wants it, with what is configured for it.
  if (named || (only.empty() && config.guardrails.token_budget.enabled)) {
    budget_.emplace(config.guardrails);
    tokens_ = actors::load_token_counter(config.guardrails.token_budget);
  }
  if (only.empty() || !others.empty())
    system_.emplace(config, others, entities);
}

text_verdict text_judge::judge(text_channel channel, std::string_view text) const {
  text_verdict verdict{checked(channel, text), weighed(channel, text)};
  if (verdict.token_budget && !verdict.token_budget->passed && budget_->blocks()) {
    verdict.report.passed = false;
    verdict.report.message = verdict.token_budget->message;
  }
  return verdict;
}

check_report text_judge::checked(text_channel channel, std::string_view text) const {
  check_report report;
  if (!system_) {
    report.message = messages_.text("passed");
    return report;
  }
  switch (channel) {
  case text_channel::user:
    report = system_->check_input(text);
    break;
  case text_channel::data:
    report = system_->check_text(text);
    break;
  case text_channel::output:
    report = system_->check_output(text);
    break;
  }
  if (budget_)
    std::erase(report.checks_off, budget_name);
  return report;
}

std::optional<token_budget_report> text_judge::weighed(text_channel channel, std::string_view text) const {
  if (!budget_)
    return std::nullopt;
  if (channel == text_channel::output)
    return budget_->judges_output() ? std::optional{budget_->judge_output(0, tokens_.count(text), 0)}
                                    : std::nullopt;
  if (!budget_->judges_input())
    return std::nullopt;
  const std::array<chat_message, 1> conversation{chat_message{"user", std::string{text}}};
  return budget_->judge_input(tokens_.count(std::span<const chat_message>{conversation}), 0);
}

} // namespace guardrails::apps
