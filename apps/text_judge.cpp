// The rails and the budget, one after the other, and their verdicts as one.
#include "apps/text_judge.hpp"

#include "actors/head_file.hpp"
#include "actors/vocabulary.hpp"
#include "checks/models/head_scorer.hpp"
#include "checks/normalise.hpp"

#include <guardrails/json.hpp>
#include <guardrails/utf8.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace guardrails::apps {

namespace {

constexpr std::string_view budget_name = "token_budget";

/// Nothing but the sentences of `config`.
rails_config without_checks(const rails_config& config) {
  rails_config none;
  none.guardrails.check_toxicity = false;
  none.guardrails.check_sensitive_data = false;
  none.guardrails.check_semantic = false;
  none.guardrails.messages = config.guardrails.messages;
  return none;
}

/// The checks to compile when those in `only` are wanted, or all of `config` when there are none.
guardrail_system compiled(const rails_config& config, std::span<const std::string> only,
                          std::span<const std::string> entities) {
  std::vector<std::string> others{only.begin(), only.end()};
  std::erase(others, budget_name);
  const bool budget_alone = others.empty() && !only.empty();
  return guardrail_system{budget_alone ? without_checks(config) : config, others, entities};
}

} // namespace

boost::json::object to_json(const text_verdict& verdict) {
  auto object = guardrails::to_json(verdict.report).as_object();
  if (verdict.token_budget)
    object["token_budget"] = guardrails::to_json(*verdict.token_budget);
  return object;
}

text_judge::text_judge(const rails_config& config, std::span<const std::string> only,
                       std::span<const std::string> entities)
  : system_{compiled(config, only, entities)}
  , heads_{actors::load_heads(config.guardrails)}
  , messages_{config.guardrails.messages} {
  if (config.guardrails.check_off_topic)
    topics_.emplace(checks::allowed_topics(config.guardrails, checks::similarity::embedded_encoder()));
  // Whoever names the check wants it, with what is configured for it.
  const bool named = std::ranges::find(only, budget_name) != only.end();
  if (named || (only.empty() && config.guardrails.token_budget.enabled)) {
    budget_.emplace(config.guardrails);
    tokens_ = actors::load_token_counter(config.guardrails.token_budget);
  }
}

text_verdict text_judge::judge(text_channel channel, std::string_view text) const {
  text_verdict verdict{checked(channel, text), std::nullopt};
  if (!budget_)
    return verdict;
  auto& report = verdict.report;
  std::erase(report.checks_off, budget_name);
  if (const auto position = find_invalid_utf8(text); position != std::string_view::npos) {
    report.errors.push_back({std::string{budget_name}, "invalid_utf8",
                             "The text is not valid UTF-8 at byte " + std::to_string(position) + "."});
    if (report.passed)
      report.message = messages_.text("check_error");
    report.passed = false;
    return verdict;
  }
  verdict.token_budget = weighed(channel, text);
  if (!verdict.token_budget || verdict.token_budget->passed || !budget_->blocks())
    return verdict;
  // A chain asks the budget first about a request, and last about an answer.
  if (channel != text_channel::output || report.passed)
    report.message = verdict.token_budget->message;
  report.passed = false;
  return verdict;
}

boost::json::object text_judge::scores(std::string_view text) const {
  namespace models = checks::models;
  const auto scores = models::score(text, heads_);
  boost::json::object named;
  for (std::size_t i = 0; i < models::reported_heads; ++i)
    if (const auto h = static_cast<models::head>(i); heads_.has(h))
      named[models::name_of(h)] = static_cast<double>(scores[h]);
  if (topics_)
    named["off_topic"] = 1 - topics_->nearest(checks::normalise(text).text()).nearness;
  return named;
}

check_report text_judge::checked(text_channel channel, std::string_view text) const {
  switch (channel) {
  case text_channel::user:
    return system_.check_input(text);
  case text_channel::data:
    return system_.check_text(text);
  case text_channel::output:
    break;
  }
  return system_.check_output(text);
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
  auto report = budget_->judge_input(tokens_.count(std::span<const chat_message>{conversation}), 0);
  if (!report.passed && channel == text_channel::data)
    report.message = messages_.text(budget_name); // nothing is appended where nobody is spoken to
  return report;
}

} // namespace guardrails::apps
