// What a check is: a pure function from a text to findings and a verdict.
#pragma once

#include <guardrails/generation.hpp>

#include <string_view>

namespace guardrails::checks {

class pattern_hits;

/// A compiled check: immutable, thread-safe, linear in the length of the text.
class check {
public:
  virtual ~check() = default;

  /// The check's name in findings, `only` lists and `on_error`.
  virtual std::string_view name() const noexcept = 0;

  /// Key of the sentence that says this check failed (message_catalog).
  virtual std::string_view message_key() const noexcept = 0;

  /// Judges `text`, which is valid UTF-8: adds findings and its own part to `report`, and returns whether the
  /// text passes. May throw; the rail turns that into a check failure.
  virtual bool judge(std::string_view text, check_report& report) const = 0;

  /// The same when the rail has already scanned the text for all patterns of the policy; checks that
  /// registered patterns override it and so share that one pass.
  virtual bool judge_scanned(std::string_view text, const pattern_hits& /*hits*/,
                             check_report& report) const {
    return judge(text, report);
  }
};

} // namespace guardrails::checks
