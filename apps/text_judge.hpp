// Single texts before everything a configuration checks: its rails, and its token budget, for which a text is
// a generation of its own.
#pragma once

#include "checks/models/head_model.hpp"
#include "checks/text_channel.hpp"
#include "checks/token_budget.hpp"
#include "checks/topics.hpp"
#include "llm/token_counter.hpp"

#include <guardrails/guardrail_system.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::apps {

using checks::text_channel;

/// What was said of a text. A budget that blocks it is why the report has not passed; of a request, whatever
/// else was found: in a chain, nothing looks at such a request any more.
struct text_verdict {
  check_report report;
  std::optional<token_budget_report> token_budget; ///< absent where the budget is off
};

/// The report as JSON, with the budget's as its member `token_budget` where there is one.
boost::json::object to_json(const text_verdict& verdict);

/// A compiled configuration.
class text_judge {
public:
  /// With `only` not empty just the named checks, with `entities` not empty just those entities or labels.
  /// Throws config_error.
  explicit text_judge(const rails_config& config, std::span<const std::string> only = {},
                      std::span<const std::string> entities = {});

  text_verdict judge(text_channel channel, std::string_view text) const;

  /// The probability that each head of the learned checks gives, by name, whether or not a check asks it, and
  /// how far the text is from the allowed topics where there are any.
  boost::json::object scores(std::string_view text) const;

private:
  check_report checked(text_channel channel, std::string_view text) const;
  std::optional<token_budget_report> weighed(text_channel channel, std::string_view text) const;

  guardrail_system system_;
  checks::models::head_model heads_;
  std::optional<checks::similarity::class_set> topics_; ///< absent where the check is off
  std::optional<checks::token_budget> budget_;
  llm::token_counter tokens_;
  message_catalog messages_;
};

} // namespace guardrails::apps
