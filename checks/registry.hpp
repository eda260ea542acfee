// The table of checks: what a check's file offers to the compilation of a policy.
#pragma once

#include "checks/check.hpp"
#include "checks/models/head_model.hpp"
#include "checks/pattern_engine.hpp"
#include "checks/policy_size.hpp"

#include <guardrails/rails_config.hpp>

#include <memory>
#include <span>
#include <string>

namespace guardrails::checks {

/// What a check is compiled from. `patterns` takes registrations now and is compiled after all checks.
struct compile_context {
  const rails_config& config;
  std::span<const std::string> entities; ///< empty: all
  std::shared_ptr<policy_patterns> patterns;
  std::span<const std::string> only = {}; ///< checks named by the caller; empty: all
  policy_size size = {};                  ///< each check adds what it compiles
  models::head_model heads = models::embedded_heads();
};

// One function per check; null when the configuration leaves the check off. Each stands in the check's own
// file.
std::unique_ptr<const check> compile_toxicity(compile_context& context);
std::unique_ptr<const check> compile_semantic_class(compile_context& context);
std::unique_ptr<const check> compile_hidden_text(compile_context& context);
std::unique_ptr<const check> compile_own_routes(compile_context& context);
std::unique_ptr<const check> compile_off_topic(compile_context& context);
std::unique_ptr<const check> compile_pii(compile_context& context);
std::unique_ptr<const check> compile_sensitive_data(compile_context& context);
std::unique_ptr<const check> compile_data_exfiltration(compile_context& context);
std::unique_ptr<const check> compile_sql_syntax(compile_context& context);
std::unique_ptr<const check> compile_block_list(compile_context& context);
std::unique_ptr<const check> compile_ban_list(compile_context& context);
std::unique_ptr<const check> compile_invisible_text(compile_context& context);
std::unique_ptr<const check> compile_urls(compile_context& context);
std::unique_ptr<const check> compile_languages(compile_context& context);
std::unique_ptr<const check> compile_output_json(compile_context& context);

} // namespace guardrails::checks
