// What the remote checks have in common.
#include "checks/judges/remote_check.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <stdexcept>

namespace guardrails::checks {

bool remote_check::judge(std::string_view, check_report&) const {
  throw std::logic_error{"a remote check was asked to judge a text itself"};
}

finding judge_finding(std::string_view check, const judge_config& asked, const judge_verdict& verdict,
                      std::size_t bytes, double threshold, finding_action action) {
  finding found;
  found.check = check;
  found.label = verdict.label;
  found.score = verdict.score;
  found.threshold = threshold;
  found.action = action;
  found.span = {0, bytes};
  found.why.pattern = boost::describe::enum_to_string(asked.engine, "");
  if (!verdict.category.empty())
    found.why.pattern.append(" ").append(verdict.category);
  found.model_version = asked.model;
  return found;
}

} // namespace guardrails::checks
