// Fills in what all findings of rules have in common.
#include "checks/rule_finding.hpp"

namespace guardrails::checks {

finding rule_finding(std::string_view check, std::string_view label, finding_action action, match_range where,
                     std::string why, std::string_view replacement) {
  finding f;
  f.check = check;
  f.label = label;
  f.score = 1.0;
  f.threshold = 1.0;
  f.action = action;
  f.span = {where.begin, where.end};
  if (action == finding_action::mask)
    f.replacement = replacement;
  f.why.pattern = std::move(why);
  return f;
}

} // namespace guardrails::checks
