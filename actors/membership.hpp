// Membership: which nodes are to be used, and a link for each of them.
#pragma once

#include "actors/node_link.hpp"
#include "actors/presence.hpp"

#include <guardrails/actors.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guardrails::actors {

class membership {
public:
  using handle = membership_actor;
  static constexpr const char* name = "guardrails.membership";

  membership(handle::pointer self, std::shared_ptr<roll_call> house, link_commons shared);
  ~membership();

  handle::behavior_type make_behavior();

private:
  /// One of the addresses that were given, and what it stood for last.
  struct seed {
    std::uint64_t number = 0; // on the board, while it stands for nothing
    std::vector<std::string> addresses{};
    bool looked_up = false; // a look-up of it is under way
  };

  void use(const members_wanted& wanted);
  void look_up(const std::string& node);
  void take(const name_resolved& found);
  void look_up_again();
  void link_all();

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<roll_call> house_;
  link_commons shared_;
  std::map<std::string, seed> seeds_;
  std::map<std::string, node_link_actor> links_; // by numeric address
  std::uint64_t last_number_ = 0;
};

} // namespace guardrails::actors
