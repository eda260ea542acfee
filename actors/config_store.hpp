// Config store: holds the immutable policies by content hash and tells the fronts which one is current.
#pragma once

#include "actors/admission.hpp"
#include "actors/policy.hpp"
#include "actors/presence.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guardrails::actors {

class config_store {
public:
  using handle = config_store_actor;
  static constexpr const char* name = "guardrails.config-store";

  config_store(handle::pointer self, std::shared_ptr<roll_call> house, std::shared_ptr<admission> gate,
               std::vector<front_actor> subscribers);

  handle::behavior_type make_behavior();

private:
  void make_current(policy_ref policy);
  policy_ref find(const std::string& version);

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<admission> gate_;
  policy_ref current_;
  std::vector<front_actor> subscribers_;
  std::map<std::string, std::weak_ptr<const compiled_policy>> live_; // retired once its last request ended
};

} // namespace guardrails::actors
