// Node door: the one actor that a node publishes. Lets peers in, tells them how the node is, and when it
// goes.
#pragma once

#include "actors/admission.hpp"
#include "actors/guest_list.hpp"
#include "actors/handshake.hpp"
#include "actors/presence.hpp"

#include <guardrails/actors.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace guardrails::actors {

/// What a node offers. `report` gets a line for people on everybody who comes and goes.
struct node_offer {
  std::vector<front_actor> doors;
  std::uint64_t lanes = 0;
  std::shared_ptr<admission> gate;
  std::shared_ptr<guest_list> guests;
  node_identity identity;
  std::function<void(const std::string& line)> report;
  std::function<void()> closed{}; ///< called when the door closes by itself; may be null
};

class node_door {
public:
  using handle = node_actor;
  static constexpr const char* name = "guardrails.node-door";

  node_door(handle::pointer self, std::shared_ptr<roll_call> house, node_offer offer);

  handle::behavior_type make_behavior();

private:
  struct peer {
    node_link_actor link;
    std::uint64_t pass = 0;
  };

  node_welcome let_in(const node_join& asked);
  void forget(const caf::actor_addr& gone);
  void drain();
  void close();
  node_beat beat(std::uint64_t number) const;
  node_report describe(const node_question& question) const;
  void report(const std::string& line) const;

  presence presence_;
  handle::pointer self_;
  node_offer offer_;
  std::optional<watcher<handle::base>> watcher_;
  std::unordered_map<caf::actor_addr, peer> peers_;
  bool draining_ = false;
};

} // namespace guardrails::actors
