// Compiles configurations and puts them in force.
#include "apps/gateway/live_config.hpp"

#include <array>
#include <utility>

namespace guardrails::gateway {
namespace {

const std::array<std::string, 2> moderating{"toxicity", "semantic_class"};

} // namespace

compiled_config::compiled_config(const rails_config& config)
  : version{config.version()}
  , model{config.llm ? config.llm->model : std::string{}}
  , llm{config.llm}
  , checks_input{config.guardrails.input_checks}
  , checks{config}
  , moderator{config, moderating}
  , proofs{prove_checks(config)} {
  if (model.empty() && config.llm)
    model = to_string(config.llm->engine);
}

// Workers that sleep until there is work, since those that look for it wake 20,000 times a second each, at
// the cost of the threads that serve: a request takes a fifth less of a core, and alone half the time.
live_config::live_config(const rails_config& config, const std::vector<std::string>& nodes)
  : current_{std::make_shared<const compiled_config>(config)}
  , rails_{std::make_unique<llm_rails>(
      config, runtime_options{.policy = scheduler_policy::sharing, .network = true})} {
  for (const auto& node : nodes)
    rails_->connect(node);
}

std::shared_ptr<const compiled_config> live_config::current() const {
  const std::lock_guard guard{mutex_};
  return current_;
}

std::string live_config::replace(const rails_config& config) {
  const std::lock_guard one_at_a_time{replacing_};
  auto next = std::make_shared<const compiled_config>(config);
  auto version = rails_->update(config);
  const std::lock_guard guard{mutex_};
  current_ = std::move(next);
  return version;
}

} // namespace guardrails::gateway
