// What is written in a form of its own: rules that say a text's class where statistics alone are not sure.
#pragma once

#include "checks/pattern_engine.hpp"
#include "checks/semantic/content_class.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace guardrails::checks::semantic {

/// A rule that matched.
struct rule_match {
  content_class is = content_class::jailbreak;
  std::string_view rule;
  match_range where;
};

/// The compiled rules. Thread-safe, linear in the text.
class class_rules {
public:
  class_rules();

  /// The first rule of `wanted` that matches; their order is that of how sure they are.
  std::optional<rule_match> find(std::string_view text, content_class wanted) const;

private:
  std::unique_ptr<const pattern_engine> engine_;
};

} // namespace guardrails::checks::semantic
