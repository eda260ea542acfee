// Lane: wires, watches and respawns one chain of input checker, LLM client and output checker, and their
// judge.
#pragma once

#include "actors/presence.hpp"

#include <guardrails/actors.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace guardrails::actors {

/// Spawns the three stages of a chain, wired to one another.
using chain_builder = std::function<chain(lane_actor::pointer host)>;

class lane {
public:
  using handle = lane_actor;
  using clock = std::chrono::steady_clock;
  static constexpr const char* name = "guardrails.lane";

  lane(handle::pointer self, std::shared_ptr<roll_call> house, front_actor front, std::uint64_t index,
       std::uint64_t first_epoch, chain_builder build);
  ~lane();

  handle::behavior_type make_behavior();

private:
  void build();
  void on_down(const caf::actor_addr& gone);
  void end_chain();
  std::chrono::milliseconds pause();

  presence presence_;
  handle::pointer self_;
  front_actor front_;
  std::uint64_t index_;
  std::uint64_t epoch_;
  chain_builder build_;
  chain stages_;
  bool whole_ = false;
  std::optional<watcher<handle::base>> watcher_;
  clock::time_point built_{};
  std::chrono::milliseconds pause_{0};
};

} // namespace guardrails::actors
