// The checks alone, without an LLM and without actors: text in, report out.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/rails_config.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace guardrails {

/// Compiled checks. Thread-safe: any number of threads may check at once. Works whatever `input_checks` and
/// `output_checks` say, since the caller chooses the direction. Where the configuration names remote judges,
/// a check waits for their verdicts, at most for their timeouts one after the other.
class guardrail_system {
public:
  /// Compiles the checks of `config`; with `only` not empty just the named ones, with `entities` not empty
  /// just those entities or labels within them. Throws config_error.
  explicit guardrail_system(const rails_config& config, std::span<const std::string> only = {},
                            std::span<const std::string> entities = {});
  ~guardrail_system();
  guardrail_system(guardrail_system&&) noexcept;
  guardrail_system& operator=(guardrail_system&&) noexcept;

  /// Whether to stop, asked now and then from the thread that judges; once true, it stays true, and the
  /// report counts for nothing. Empty: never.
  using stop_function = std::function<bool()>;

  /// Judges a user's text; a failing message ends in `Please rephrase your input.`
  check_report check_input(std::string_view text, const stop_function& stop = {}) const;

  /// Judges a model's answer; a failing message ends in `LLM response has been blocked.`
  check_report check_output(std::string_view text, const stop_function& stop = {}) const;

  /// Judges any text; nothing is appended to the message.
  check_report check_text(std::string_view text, const stop_function& stop = {}) const;

private:
  struct compiled;
  std::unique_ptr<const compiled> compiled_;
};

} // namespace guardrails
