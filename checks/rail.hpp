// A rail: the checks of one direction, run over one text, summed up in one report.
#pragma once

#include "checks/check.hpp"
#include "checks/masking.hpp"
#include "checks/models/head_model.hpp"
#include "checks/pattern_engine.hpp"

#include <guardrails/judging.hpp>
#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// Nanoseconds of a monotonic clock. Checks know no clock, so the caller hands one in.
using clock_function = std::uint64_t (*)() noexcept;

/// What remote judges are to be asked before a judgement is complete.
struct open_questions {
  std::string text; ///< as they see it: with its personal data masked
  std::vector<judge_subject> subjects;
  std::size_t judged_bytes = 0;      ///< of the text as the rail saw it
  std::string_view first_failed_key; ///< of the checks that have judged
  std::size_t first_failed = 0;      ///< its place in the order of precedence
  bool failure_blocks = false;

  /// Whether it depends on the judges if the text passes.
  bool may_pass() const noexcept { return first_failed_key.empty() && !failure_blocks; }
};

/// What a rail found. `check_error` is true when a failing check, not a finding, is why the text did not
/// pass, and `broken_off` when it was told to stop: the report then counts for nothing.
struct judgement {
  check_report report;
  bool check_error = false;
  bool broken_off = false;
  std::optional<open_questions> open; ///< while present, the report counts as failed
};

/// An immutable, thread-safe sequence of checks in order of their messages' precedence.
class rail {
public:
  /// Takes ownership of compiled checks; `config` supplies on_error and messages. `patterns`, if given, is
  /// scanned once per text for all checks (timed, with the normalisation, as `patterns` in latency_us), and
  /// `heads` are asked once for all checks that ask them (`heads` in latency_us), after masking.
  rail(std::vector<std::unique_ptr<const check>> checks, direction dir, const rails_config& config,
       std::shared_ptr<const policy_patterns> patterns = nullptr,
       models::head_model heads = models::embedded_heads());

  /// The same compiled checks, shared, for a text of another direction.
  rail facing(direction dir) const;

  /// Those of the checks that mask.
  rail masking() const;

  /// Those of the checks that mask first: personal data.
  rail masking_first() const;

  /// Those of the checks that judge what a tool brought, for such a text.
  rail judging_tool_results() const;

  /// Those of the checks that judge what a tool is called with: that is never the document that an answer has
  /// to be.
  rail judging_calls() const;

  /// What every check finds in `text`, for a text that is masked without being judged. What it returns once
  /// `stop` is true counts for nothing. Throws std::runtime_error when a check fails, whatever on_error says:
  /// what cannot be masked must not go on.
  std::vector<finding> find_masks(std::string_view text, const stop_function& stop = {}) const;

  /// Runs every check over the text without disguises (normalise.hpp), and those that ask for it over the
  /// text as written: first those that mask first (personal data), then the others on what is left of it.
  /// Spans count bytes of `text`. Never
  /// throws for what a text contains: invalid UTF-8 and throwing checks become `report.errors`, and fail the
  /// text unless their `on_error` allows. Leaves `report.checks_off` empty: it is the same for every text,
  /// and whoever hands the report out adds it.
  judgement judge(std::string_view text, clock_function now, const stop_function& stop = {}) const;

  /// Completes a judgement that has open questions with what the judges said; a question without an answer
  /// is a check that failed.
  void settle(judgement& verdict, std::span<const judge_answer> answers) const;

  const models::head_model& heads() const noexcept { return heads_; }

  /// True when no check runs in this direction.
  bool empty() const noexcept;

private:
  struct outcome;

  struct run;

  bool runs(const check& c) const noexcept { return c.judges(direction_); }
  bool asks_heads() const noexcept;
  bool asks_judges() const noexcept;
  void conclude(const outcome& result, judgement& verdict) const;
  void fail_all(outcome& result, check_report& report) const;
  void fail(const check& c, outcome& result, check_report& report) const;
  void refuse_invalid(std::size_t position, outcome& result, check_report& report) const;
  bool fails_open(std::string_view check_name) const;
  std::string message(const outcome& result) const;

  std::vector<std::shared_ptr<const check>> checks_;
  std::shared_ptr<const policy_patterns> patterns_;
  direction direction_;
  guardrails_config config_;
  models::head_model heads_;
};

/// Compiles the checks that `config` turns on; with `only` not empty, just those of the given names, and with
/// `entities` not empty, just those labels or entities within them; `own_heads` take the place of those of
/// the embedded model. Throws config_error for a pattern that the engine refuses, naming it by its key path,
/// and for a name in `only` or `entities` that does not exist.
rail compile_rail(const rails_config& config, direction dir, std::span<const std::string> only = {},
                  std::span<const std::string> entities = {},
                  const models::head_model& own_heads = models::embedded_heads());

} // namespace guardrails::checks
