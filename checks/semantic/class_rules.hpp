// What is written in a form of its own: rules that say a text's class where statistics alone are not sure.
#pragma once

#include "checks/check.hpp"
#include "checks/pattern_engine.hpp"
#include "checks/semantic/content_class.hpp"
#include "checks/semantic/mentions.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace guardrails::checks::semantic {

/// A rule that matched.
struct rule_match {
  content_class is = content_class::jailbreak;
  std::string_view rule;
  match_range where;
  double least = 0; ///< what a head had to say beside it; 0: nothing, the form is proof enough
};

/// What a head says of the text, and from where on it says yes without a rule.
struct belief {
  double probability = 0;
  double threshold = 1;
};

/// The compiled rules. Thread-safe, linear in the text.
class class_rules {
public:
  class_rules();

  /// The first rule of `wanted` that matches what is not merely talked about, where the `head` says
  /// enough beside it; their order is that of how sure they are. What it says once `stop` is true counts for
  /// nothing.
  std::optional<rule_match> find(std::string_view text, content_class wanted, belief head,
                                 const stop_function& stop = {}) const;

  const mentions& talk() const noexcept { return mentions_; }

private:
  std::optional<match_range> made(std::string_view text, std::size_t rule_id) const;
  bool has_form(std::string_view text, std::size_t rule_id, match_range where) const;
  bool is_made(std::string_view text, std::size_t rule_id, match_range where) const;
  bool has_traces(std::string_view text) const;

  std::unique_ptr<const pattern_engine> engine_;
  mentions mentions_;
};

} // namespace guardrails::checks::semantic
