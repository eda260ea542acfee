// A configuration compiled into what the stages need: immutable, shared, named by its content hash.
#pragma once

#include "checks/rail.hpp"
#include "checks/streaming/stream_policy.hpp"
#include "checks/token_budget.hpp"
#include "llm/token_counter.hpp"

#include <guardrails/actors.hpp>
#include <guardrails/rails_config.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails {

struct compiled_policy {
  rails_config config;
  std::string version;
  std::vector<std::string> checks_off;         ///< as every report lists them
  std::optional<checks::rail> input;           ///< absent: input_checks is off
  std::optional<checks::rail> tool_results;    ///< for what tools brought; absent: no check judges that
  std::optional<checks::rail> output;          ///< absent: output_checks is off
  std::optional<checks::rail> output_calls;    ///< for calls of tools; absent with `output`
  std::optional<checks::stream_policy> stream; ///< absent: no answer that is judged is shown before its end
  std::optional<checks::rail> masking;         ///< those input checks that mask; absent: none does
  std::optional<checks::rail> masking_answers; ///< those that mask earlier answers; absent: none does
  std::optional<checks::token_budget> budget;  ///< absent: there is none
  llm::token_counter tokens;                   ///< our own count

  /// The time a generation may take when its request does not say.
  std::chrono::milliseconds default_deadline() const;

  /// A fixed sentence of this configuration.
  std::string sentence(std::string_view key) const {
    return std::string{config.guardrails.messages.text(key)};
  }
};

namespace actors {

/// Compiles off the hot path. Throws config_error.
policy_ref compile(const rails_config& config);

/// Ends `account` as blocked with the sentence for `reason` and, where something failed, why.
void block(generation& account, const compiled_policy& policy, block_reason reason,
           std::optional<generation_error> problem = std::nullopt);

/// Nanoseconds of the steady clock, as rails want them.
std::uint64_t steady_nanoseconds() noexcept;

} // namespace actors
} // namespace guardrails
