// Front: the way in. Assigns tickets, spreads requests over the lanes and the nodes, ends them by their
// deadline, and re-dispatches what a dead chain or a lost node held. It also takes the requests of other
// nodes' fronts, its guests, for its own lanes.
#pragma once

#include "actors/admission.hpp"
#include "actors/guest_list.hpp"
#include "actors/judging_threads.hpp"
#include "actors/node_gauge.hpp"
#include "actors/pending_call.hpp"
#include "actors/policy_shelf.hpp"
#include "actors/presence.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace guardrails::actors {

/// Builds lane number `index`, whose first chain has `first_epoch` and which reports to `front`.
using lane_builder =
  std::function<lane_actor(front_actor front, std::uint64_t index, std::uint64_t first_epoch)>;

/// What a house's fronts share.
struct front_commons {
  std::shared_ptr<judging_threads> threads;
  run_accounts_actor accounts;
  std::shared_ptr<guest_list> guests;
  policy_fetcher_actor fetcher;
};

class front {
public:
  using handle = front_actor;
  using clock = std::chrono::steady_clock;
  static constexpr const char* name = "guardrails.front";

  front(handle::pointer self, std::shared_ptr<roll_call> house, std::shared_ptr<admission> gate,
        std::size_t lanes, lane_builder build, front_commons shared);
  ~front();

  handle::behavior_type make_behavior();

private:
  using promise = caf::typed_response_promise<generation>;

  static constexpr std::size_t no_lane = static_cast<std::size_t>(-1);

  // Chains and nodes that one request may outlive: its own text may be what kills them.
  static constexpr std::uint8_t most_chains = 16;

  /// An actor that waits, and the place it holds.
  struct asking_actor {
    promise reply;
    admission_place place;
  };

  /// A front of another node that waits, and the place it holds. `dispatch` is its name for the request.
  struct guest {
    front_actor asker;
    std::uint64_t dispatch = 0;
    bool asks_first = true;
    admission_place place;
  };

  struct guest_key {
    caf::actor_addr asker;
    std::uint64_t dispatch = 0;

    friend bool operator==(const guest_key&, const guest_key&) = default;
  };

  struct guest_key_hash {
    std::size_t operator()(const guest_key& key) const noexcept {
      return std::hash<caf::actor_addr>{}(key.asker) ^ std::hash<std::uint64_t>{}(key.dispatch);
    }
  };

  /// What the token budget knows of a ticket.
  struct budget_account {
    std::uint64_t context = 0; // tokens of the conversation
    bool claimed = false;      // of the session's run, since run_claim was sent
    bool waits = false;        // for an answer of the run accounts
    boxed_optional<token_budget_report> input_report;
    std::unique_ptr<generation> answered; // and not settled yet
  };

  /// A generation under way.
  struct ticket {
    std::variant<std::shared_ptr<pending_call>, asking_actor, guest> caller;
    conversation messages;
    policy_ref policy;
    std::string request_id;
    clock::time_point since;
    clock::time_point deadline;
    std::string session_id{};
    std::uint64_t stream_window = 0;
    std::string options{};
    request_life life{}; // of the present dispatch
    std::size_t lane = no_lane;
    std::uint64_t dispatch = 0; // under which it is at a node; 0: it is not
    clock::time_point dispatched{};
    bool started = false;
    bool shown = false; // some of its answer was released
    lane_part part = lane_part::whole;
    std::unique_ptr<conversation> call{};     // of the model, for a node, while its lane waits for the answer
    std::uint8_t chains_outlived = 0;         // that died with it
    std::unique_ptr<budget_account> budget{}; // null: there is no budget
    std::string traceparent{};
  };

  struct lane_slot {
    lane_actor supervisor;
    std::optional<chain> stages;
    std::uint64_t last_lost_epoch = 0;
    std::size_t in_flight = 0;
  };

  /// A node that can be reached.
  struct remote_node {
    node_opened about;
    clock::time_point rests_until{}; // it declined a request

    /// A policy that the node cannot use.
    struct lack {
      std::string problem;
      clock::time_point until{}; // then it is asked again
    };
    std::unordered_map<std::string, lack> lacks{}; // by version

    const lack* lacked(const std::string& version) const {
      const auto found = lacks.empty() ? lacks.end() : lacks.find(version);
      return found == lacks.end() || clock::now() >= found->second.until ? nullptr : &found->second;
    }
    bool has_room() const noexcept {
      return about.gauge->in_flight < std::min<std::uint64_t>(about.credit, about.gauge->room) &&
             (rests_until == clock::time_point{} || clock::now() >= rests_until);
    }
    double load() const noexcept;
    const front_actor& door(std::uint64_t dispatch) const noexcept {
      return about.doors[dispatch % about.doors.size()];
    }
  };

  /// Where a dispatch went.
  struct absence {
    std::uint64_t ticket = 0;
    std::uint64_t node = 0;
  };

  /// Where a request could go: to a lane, to a node, or nowhere yet.
  struct destination {
    std::size_t lane = no_lane;
    std::uint64_t node = 0;
    bool too_large = false;            // for every node, and no lane may take it
    const std::string* lack = nullptr; // why none of the nodes can use the policy, and no lane may take it
  };

  using ticket_map = std::unordered_map<std::uint64_t, ticket>;

  caf::result<generation> ask(generation_request& request);
  void submit(std::shared_ptr<pending_call> call);
  void admit(std::uint64_t number, ticket entry, std::chrono::milliseconds deadline);
  void dispatch(std::uint64_t number, ticket& entry);
  void send_to_lane(std::uint64_t number, ticket& entry, std::size_t lane);
  void unpark();
  void unpark_all();
  std::size_t pick_lane();
  void finish(std::uint64_t number, generation result);
  void end(ticket_map::iterator it, generation result);
  void end_early(ticket_map::iterator it, block_reason reason, generation_error problem);
  void cancel(std::uint64_t number);
  void release(released& piece);
  void pass_on(const stream_used& used);
  void open(chain stages);
  void lose(std::uint64_t lane, std::uint64_t epoch);
  void build_lane(std::uint64_t index);
  void replace_lane(const caf::actor_addr& gone);
  void sweep();
  void schedule_sweep();
  void leave_place(ticket& entry);
  std::uint64_t window_of(const ticket& entry) const;
  const compiled_policy& words_for(const ticket& entry) const;

  // -- nodes (front_nodes.cpp)
  destination choose(const ticket& entry);
  std::uint64_t draw_node(std::uint64_t other_than, const std::string& version);
  std::uint64_t pick_node(const std::string& version);
  const std::string* find_lack(const std::string& version) const;
  bool has_room() const;
  std::uint64_t slowest() const;
  bool move_on(std::uint64_t number, ticket& entry, const generation& result);
  void call_elsewhere(distant_call& wanted);
  void send_call(std::uint64_t number, ticket& entry);
  void send_away(std::uint64_t number, ticket& entry, std::uint64_t node);
  void open_node(node_opened& opened);
  void close_node(const node_closed& closed);
  void miss(std::uint64_t number);
  void send_anew(std::uint64_t number, ticket& entry, node_gauge* left);
  void take_back(const guest_declined& declined);
  void take_answer(guest_answer& said);
  void take_released(guest_released& piece);
  void let_call(const guest_wants_call& wish);
  remote_node* node_of(const ticket& entry);
  bool is_from_its_node(std::uint64_t dispatch) const;
  bool is_from_a_node() const;
  void come_home(ticket& entry);
  static generation unusable(const ticket& entry, const std::string& problem);
  policy_text show_policy(const policy_text_query& query) const;

  // -- guests (front_guests.cpp)
  void take_in(guest_request& asked);
  void house_guest(std::uint64_t number, ticket& entry);
  void take_policy(const policy_fetched& fetched);
  void want_call(std::uint64_t number);
  void allow_call(std::uint64_t dispatch);
  std::uint64_t guest_ticket(std::uint64_t dispatch) const;
  bool lose_asker(const caf::actor_addr& gone);
  void send_guests_home();
  void bid_farewell(guest& leaving, generation result);

  // -- the token budget (front_budget.cpp)
  void weigh(std::uint64_t number, ticket& entry);
  void weighed(std::uint64_t number, std::optional<std::uint64_t> context);
  void claimed(const run_claimed& said);
  void judge_budget(ticket_map::iterator it, std::uint64_t run_used);
  void settle(ticket_map::iterator it, generation result);
  void settled(std::uint64_t number, std::uint64_t run_used);
  template <class Message>
  void ask_accounts(ticket_map::iterator it, Message message);
  void release_claim(std::uint64_t number, const ticket& entry);
  void lose_accounts();
  static generation_error lost_accounts();

  void tell_client(const ticket& entry, std::uint64_t number);
  void tell_node(const ticket& entry);
  front_status status() const;

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<admission> gate_;
  lane_builder build_;
  front_commons shared_; // its accounts are null once they died
  policy_ref policy_;
  std::vector<lane_slot> lanes_;
  std::optional<watcher<handle::base>> watcher_; // of the lanes and the run accounts
  ticket_map tickets_;
  std::unordered_map<std::uint64_t, remote_node> nodes_; // by link
  std::vector<std::uint64_t> taking_;                    // of them, which take requests
  std::unordered_map<std::uint64_t, absence> away_;      // by dispatch
  std::uint64_t last_dispatch_ = 0;
  moving_latency local_latency_;
  std::unordered_map<guest_key, std::uint64_t, guest_key_hash> guests_; // their tickets
  std::unordered_set<caf::actor_addr> askers_;                          // watched
  policy_shelf policies_;                                               // of guests
  std::unordered_map<std::string, std::vector<std::uint64_t>> unread_;  // tickets that wait for a policy
  std::deque<std::uint64_t> parked_;                                    // no lane was open
  std::minstd_rand random_;
  clock::time_point earliest_deadline_ = clock::time_point::max();
  bool sweep_scheduled_ = false;
  std::uint64_t chains_lost_ = 0;
  std::uint64_t redispatched_ = 0;
};

} // namespace guardrails::actors
