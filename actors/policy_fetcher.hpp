// Policy fetcher: fetches the policies that guests' requests name from the fronts that have them, once each,
// and compiles them on a judging thread.
#pragma once

#include "actors/judging_threads.hpp"
#include "actors/policy_shelf.hpp"
#include "actors/presence.hpp"

#include <guardrails/actors.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace guardrails::actors {

class policy_fetcher {
public:
  using handle = policy_fetcher_actor;
  using clock = std::chrono::steady_clock;
  static constexpr const char* name = "guardrails.policy-fetcher";

  policy_fetcher(handle::pointer self, std::shared_ptr<roll_call> house,
                 std::shared_ptr<judging_threads> threads);

  handle::behavior_type make_behavior();

private:
  /// A policy that is being fetched, and who waits for it.
  struct errand {
    std::vector<front_actor> waiting;
    clock::time_point since{};
    clock::time_point asked{};
    caf::actor_addr holder; // that was asked last
    bool compiling = false;
  };

  /// A policy that could not be had; asked for again only after a while.
  struct failure {
    std::string problem;
    clock::time_point until{};
  };

  void find(const policy_wanted& wanted);
  void compile_text(policy_text& text);
  void lose_holder(const caf::actor_addr& gone);
  void end_late_errands(clock::time_point now);
  template <class Condition>
  void end_errands(Condition ends);
  void hand_out(const policy_fetched& fetched);
  void fail(const std::string& version, std::string problem);

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<judging_threads> threads_;
  std::optional<watcher<handle::base>> watcher_; // of the holders
  std::unordered_set<caf::actor_addr> watched_;
  policy_shelf shelf_;
  std::unordered_map<std::string, errand> errands_;
  std::unordered_map<std::string, failure> failures_;
};

} // namespace guardrails::actors
