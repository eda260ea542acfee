// Compiles configurations and gives the values that messages carry their meaning.
#include "actors/policy.hpp"

#include "actors/head_file.hpp"
#include "actors/vocabulary.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace guardrails {

const std::string& policy_ref::version() const noexcept {
  return snapshot_ ? snapshot_->version : version_;
}

policy_ref policy_ref::from_wire(std::string version) {
  policy_ref result;
  result.version_ = std::move(version);
  return result;
}

const std::vector<chat_message>& conversation::get() const noexcept {
  static const std::vector<chat_message> none;
  return messages_ ? *messages_ : none;
}

std::vector<chat_message> conversation::release() && {
  if (!messages_)
    return {};
  auto last = std::move(messages_);
  return last.use_count() == 1 ? std::move(*last) : *last;
}

request_life::wire_type request_life::to_wire() const {
  if (!shared_)
    return 0;
  return std::chrono::duration_cast<std::chrono::microseconds>(shared_->deadline - clock::now()).count();
}

request_life request_life::from_wire(wire_type left) {
  return request_life{clock::now() + std::chrono::microseconds{left}};
}

std::chrono::milliseconds compiled_policy::default_deadline() const {
  return config.llm ? config.llm->timeout : llm_config{}.timeout;
}

namespace actors {

namespace {

/// What tools brought is sent to no remote judge: the embedded model judges it, whoever judges what users
/// write.
checks::rail judging_tool_results(const rails_config& config, const checks::rail& compiled) {
  if (config.guardrails.content_class.engine == judge_engine::embedded)
    return compiled.judging_tool_results();
  auto embedded = config;
  embedded.guardrails.content_class = {};
  const std::array only{std::string{"semantic_class"}};
  return checks::compile_rail(embedded, checks::direction::input, only, {}, compiled.heads())
    .judging_tool_results();
}

} // namespace

policy_ref compile(const rails_config& config) {
  auto policy = std::make_shared<compiled_policy>();
  policy->config = config;
  policy->version = config.version();
  policy->checks_off = config.checks_off();
  const auto compiled =
    checks::compile_rail(config, checks::direction::input, {}, {}, load_heads(config.guardrails));
  if (config.guardrails.input_checks) {
    policy->input = compiled;
    if (auto tool_results = judging_tool_results(config, compiled); !tool_results.empty())
      policy->tool_results = std::move(tool_results);
    if (auto masking = compiled.masking(); !masking.empty())
      policy->masking = std::move(masking);
    if (auto first = compiled.masking_first(); config.guardrails.pii.reversible && !first.empty())
      policy->masking_answers = std::move(first);
  }
  if (config.guardrails.output_checks) {
    policy->output = compiled.facing(checks::direction::output);
    policy->output_calls = policy->output->judging_calls();
    if (checks::stream_policy stream{config, *policy->output}; !stream.holds_all())
      policy->stream = std::move(stream);
  }
  if (config.guardrails.token_budget.enabled) {
    policy->budget.emplace(config.guardrails);
    policy->tokens = load_token_counter(config.guardrails.token_budget);
  }
  return policy_ref{std::move(policy)};
}

void block(generation& account, const compiled_policy& policy, block_reason reason,
           std::optional<generation_error> problem) {
  account.blocked = true;
  account.block_reason = reason;
  account.final_response = policy.sentence(to_string(reason));
  account.error = std::move(problem);
}

std::uint64_t steady_nanoseconds() noexcept {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

} // namespace actors
} // namespace guardrails
