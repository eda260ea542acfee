// Config store: the current policy, and the earlier ones that requests still hold.
#include "actors/config_store.hpp"

#include "actors/from_here.hpp"

#include <utility>

namespace guardrails::actors {

config_store::config_store(handle::pointer self, std::shared_ptr<roll_call> house,
                           std::shared_ptr<admission> gate, std::vector<front_actor> subscribers)
  : presence_{std::move(house)}
  , self_{self}
  , gate_{std::move(gate)}
  , current_{gate_->policy()}
  , subscribers_{std::move(subscribers)} {
  live_[current_.version()] = current_.share();
}

config_store::handle::behavior_type config_store::make_behavior() {
  drop_unexpected(self_);
  return {
    [this](policy_installation& order) {
      make_current(std::move(order.policy));
      order.installed->set_value();
    },
    [this](const policy_query& query) -> caf::result<policy_ref> { return find(query.version); },
  };
}

// The fronts have the update in their mailboxes before the caller hears back, so what the caller submits next
// comes later.
void config_store::make_current(policy_ref policy) {
  std::erase_if(live_, [](const auto& entry) { return entry.second.expired(); });
  live_[policy.version()] = policy.share();
  current_ = policy;
  gate_->set_policy(policy);
  for (const auto& front : subscribers_)
    mail(self_, policy_update{policy}).send(front);
}

policy_ref config_store::find(const std::string& version) {
  if (version.empty() || version == current_.version())
    return current_;
  if (const auto it = live_.find(version); it != live_.end())
    if (auto snapshot = it->second.lock())
      return policy_ref{std::move(snapshot)};
  return {};
}

} // namespace guardrails::actors
