// Node link: the connection to one node. Connects, joins, asks for signs of life, and tells the fronts when
// the node can be used and when it cannot.
#pragma once

#include "actors/handshake.hpp"
#include "actors/node_gauge.hpp"
#include "actors/presence.hpp"
#include "actors/scout.hpp"
#include "config/node_address.hpp"

#include <guardrails/actors.hpp>

#include <caf/io/middleman_actor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace guardrails::actors {

/// What all links of a runtime share.
struct link_commons {
  std::vector<front_actor> fronts;
  std::shared_ptr<node_board> board;
  std::shared_ptr<scout> pathfinder;
  caf::io::middleman_actor network;
  node_identity identity;
  std::chrono::milliseconds heartbeat{500};
  std::uint64_t credit = 1;
};

class node_link {
public:
  using handle = node_link_actor;
  using clock = std::chrono::steady_clock;
  static constexpr const char* name = "guardrails.node-link";

  /// `number` names the node to fronts and board.
  node_link(handle::pointer self, std::shared_ptr<roll_call> house, link_commons shared, std::uint64_t number,
            config::node_address where);
  ~node_link();

  handle::behavior_type make_behavior();

private:
  enum class stage : std::uint8_t { trying, connecting, joining, open, waiting };

  void begin();
  void connect();
  void join(node_actor node);
  void enter(const node_welcome& said);
  bool is_from_node() const;
  void hear(const node_beat& beat);
  void advance(std::uint64_t step);
  void ask_for_sign();
  void lose(const std::string& why);
  void back_off(node_state state, const std::string& why);
  void retire();
  void leave_when_done();
  void open_fronts(const node_welcome& said);
  void close_fronts(bool lost);
  void next_step_in(std::chrono::milliseconds wait);
  void write_down(node_state state, std::string problem);

  presence presence_;
  handle::pointer self_;
  link_commons shared_;
  std::uint64_t number_;
  config::node_address where_;
  std::shared_ptr<node_gauge> gauge_ = std::make_shared<node_gauge>();
  node_status status_;
  std::optional<watcher<handle::base>> watcher_;
  stage stage_ = stage::trying;
  std::uint64_t step_ = 0;    // the latest; timers and answers of earlier ones are stale
  std::uint64_t attempt_ = 0; // to join
  std::uint64_t pings_ = 0;
  node_actor node_;
  caf::actor_addr watched_;
  clock::time_point opened_{};
  clock::time_point due_{}; // the next step
  int unanswered_ = 0;      // pings, each waited for as long as a heartbeat
  clock::time_point retired_{};
  bool retiring_ = false;
  std::chrono::milliseconds pause_{0};
  std::minstd_rand random_;
};

} // namespace guardrails::actors
