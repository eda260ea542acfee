// The configuration in force, compiled for single texts, and how it is replaced.
#pragma once

#include "apps/gateway/armed_report.hpp"

#include <guardrails/guardrail_system.hpp>
#include <guardrails/llm_rails.hpp>
#include <guardrails/rails_config.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace guardrails::gateway {

/// One configuration: immutable, shared by the requests that were begun under it.
struct compiled_config {
  explicit compiled_config(const rails_config& config);

  std::string version;
  std::string model; ///< empty: no model behind the rails
  std::optional<llm_config> llm;
  bool checks_input;
  guardrail_system checks;
  guardrail_system moderator; ///< toxicity and content class alone
  armed_report proofs;
};

/// Thread-safe.
class live_config {
public:
  /// Starts the runtime, which uses `nodes` beside those of the configuration. Throws config_error.
  explicit live_config(const rails_config& config, const std::vector<std::string>& nodes = {});

  llm_rails& rails() noexcept { return *rails_; }
  std::shared_ptr<const compiled_config> current() const;

  /// Requests that come later use `config`, earlier ones end under theirs. Returns the version. Throws
  /// config_error, and nothing has changed. Blocks while it compiles; one caller at a time is let in.
  std::string replace(const rails_config& config);

  /// Ends the runtime; what is under way is answered as cancelled.
  void stop() { rails_.reset(); }

private:
  std::mutex replacing_;
  mutable std::mutex mutex_;
  std::shared_ptr<const compiled_config> current_;
  std::unique_ptr<llm_rails> rails_;
};

} // namespace guardrails::gateway
