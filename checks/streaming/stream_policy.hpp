// What of a policy can judge an answer on its way, and how far behind the end it must stay.
#pragma once

#include "checks/rail.hpp"
#include "checks/tagger/model.hpp"

#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// A check that needs the whole answer, and why.
struct whole_answer_check {
  std::string name;
  std::string_view why;
  bool may_trail = false; ///< stream_mode::trailing lets it judge what was released
};

/// The checks of `config` that hold a stream back, in order of their names' first mention.
std::vector<whole_answer_check> whole_answer_checks(const rails_config& config);

/// How much of a text that goes on can be released: immutable, thread-safe.
class stream_policy {
public:
  /// `whole` is the rail of answers under `config`. Compiles the checks that have a streaming form a second
  /// time, by themselves, unless it holds_all(). Throws config_error as compile_rail does.
  stream_policy(const rails_config& config, rail whole);

  /// Whether nothing is released before the end.
  bool holds_all() const noexcept { return holds_all_; }

  /// Whether a check judges what was released, so that its findings change nothing in it.
  bool trails(std::string_view check) const noexcept;

  /// The judgement of the whole answer.
  const rail& whole() const noexcept { return whole_; }

  /// What is known of the beginning of an answer.
  struct look {
    std::vector<finding> findings;   ///< that mask or block
    std::size_t settled = 0;         ///< whatever follows, nothing else will be found before this place
    std::optional<std::size_t> stop; ///< the beginning of a window that blocks the answer
    bool fails = false;              ///< the answer is blocked, whatever follows
  };

  /// `text` is valid UTF-8. Nothing is settled where a check fails.
  look look_at(std::string_view text, const stop_function& stop) const;

  /// The sentence of an answer that could not be judged.
  std::string check_error_message() const;

private:
  void settle(std::string_view text, look& known) const;
  void settle_form(std::string_view text, const std::function<std::size_t(std::size_t)>& original,
                   look& known) const;
  void settle_windows(std::string_view normalised, const std::function<std::size_t(std::size_t)>& original,
                      look& known) const;

  guardrails_config config_;
  rail whole_;
  std::optional<rail> streaming_; ///< those that may mask or block on the way, without the heads
  std::optional<tagger::model> names_;
  std::vector<whole_answer_check> waiting_;
  std::size_t look_ahead_ = 0;
  bool holds_all_ = false;
  bool asks_toxicity_ = false;
  bool seeks_secrets_ = false;
  bool seeks_links_ = false;
};

} // namespace guardrails::checks
