// The checks without actors: one compiled policy, three directions.
#include <guardrails/guardrail_system.hpp>

#include "checks/rail.hpp"

#include <chrono>

namespace guardrails {

namespace {

std::uint64_t steady_nanoseconds() noexcept {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

} // namespace

struct guardrail_system::compiled {
  checks::rail text;
  checks::rail input = text.facing(checks::direction::input);
  checks::rail output = text.facing(checks::direction::output);
};

guardrail_system::guardrail_system(const rails_config& config, std::span<const std::string> only,
                                   std::span<const std::string> entities)
  : compiled_{new compiled{checks::compile_rail(config, checks::direction::text, only, entities)}} {}

guardrail_system::~guardrail_system() = default;
guardrail_system::guardrail_system(guardrail_system&&) noexcept = default;
guardrail_system& guardrail_system::operator=(guardrail_system&&) noexcept = default;

check_report guardrail_system::check_input(std::string_view text) const {
  return compiled_->input.judge(text, steady_nanoseconds).report;
}

check_report guardrail_system::check_output(std::string_view text) const {
  return compiled_->output.judge(text, steady_nanoseconds).report;
}

check_report guardrail_system::check_text(std::string_view text) const {
  return compiled_->text.judge(text, steady_nanoseconds).report;
}

} // namespace guardrails
