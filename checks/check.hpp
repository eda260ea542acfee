// What a check is: a pure function from a text to findings and a verdict.
#pragma once

#include <guardrails/generation.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

namespace guardrails::checks {

class pattern_hits;
class remote_check;

namespace models {
struct head_scores;
}

/// Which text is judged: decides which checks run and the sentence appended to a failing message.
enum class direction : std::uint8_t { input, output, text };

/// Asked now and then during a judgement; once true, it stays true. Empty: never stop.
using stop_function = std::function<bool()>;

/// A text, which of the policy's patterns occur in it, whether to go on, whose text it is, and what the heads
/// of the embedded model say of it (null: not asked yet).
struct scanned_text {
  std::string_view text;
  const pattern_hits& hits;
  const stop_function& stop;
  direction facing = direction::text;
  const models::head_scores* heads = nullptr;
};

/// Which form of a text a check reads.
enum class text_form : std::uint8_t {
  normalised, ///< without disguises (normalise.hpp); its findings are taken back to the original
  original,   ///< as it was written
  both,       ///< the one and, where it differs, the other: what removing a disguise joins is still found
};

/// A compiled check: immutable, thread-safe, linear in the length of the text.
class check {
public:
  virtual ~check() = default;

  /// The check's name in findings, `only` lists and `on_error`.
  virtual std::string_view name() const noexcept = 0;

  /// Key of the sentence that says this check failed (message_catalog).
  virtual std::string_view message_key() const noexcept = 0;

  /// The same for a check with several sentences; `report` has what the check said.
  virtual std::string_view failed_key(const check_report&) const noexcept { return message_key(); }

  /// Whether it asks the heads of the embedded model, which then judge a text once for all checks.
  virtual bool asks_heads() const noexcept { return false; }

  /// The check itself when a remote judge judges its texts: the rail leaves it out and asks later.
  virtual const remote_check* remote() const noexcept { return nullptr; }

  /// Whether its findings may carry replacements.
  virtual bool masks() const noexcept { return false; }

  /// Whether it runs on texts of that direction.
  virtual bool judges(direction) const noexcept { return true; }

  /// Whether it judges the text before masking; the others see what was masked then.
  virtual bool masks_first() const noexcept { return false; }

  /// Whether it judges what a tool brought, for which nobody answers: the others judge what users and models
  /// say.
  virtual bool judges_tool_results() const noexcept { return false; }

  virtual text_form reads() const noexcept { return text_form::normalised; }

  /// Judges `text`, which is valid UTF-8 in a form that reads() says: adds findings and its own part to
  /// `report`, and returns whether the text passes. May throw; the rail turns that into a check failure.
  virtual bool judge(std::string_view text, check_report& report) const = 0;

  /// The same when the rail has already scanned the text for all patterns of the policy; checks
  /// that registered patterns override it and so share that one pass. What it says once `scanned.stop` is
  /// true counts for nothing.
  virtual bool judge_scanned(const scanned_text& scanned, check_report& report) const {
    return judge(scanned.text, report);
  }
};

/// A check that asks for none of the policy's patterns: it reads the text alone.
class text_check : public check {
public:
  bool judge(std::string_view text, check_report& report) const final { return judge_text(text, {}, report); }

  bool judge_scanned(const scanned_text& scanned, check_report& report) const final {
    return judge_text(scanned.text, scanned.stop, report);
  }

private:
  /// As judge(), and asks `stop` now and then.
  virtual bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const = 0;
};

} // namespace guardrails::checks
