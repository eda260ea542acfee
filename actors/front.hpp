// Front: the way in. Assigns tickets, spreads requests over the lanes, ends them by their deadline, and
// re-dispatches what a dead chain held.
#pragma once

#include "actors/admission.hpp"
#include "actors/judging_threads.hpp"
#include "actors/pending_call.hpp"
#include "actors/presence.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <unordered_map>
#include <variant>
#include <vector>

namespace guardrails::actors {

/// Builds lane number `index`, whose first chain has `first_epoch` and which reports to `front`.
using lane_builder =
  std::function<lane_actor(front_actor front, std::uint64_t index, std::uint64_t first_epoch)>;

class front {
public:
  using handle = front_actor;
  using clock = std::chrono::steady_clock;
  static constexpr const char* name = "guardrails.front";

  front(handle::pointer self, std::shared_ptr<roll_call> house, std::shared_ptr<admission> gate,
        std::size_t lanes, lane_builder build, std::shared_ptr<judging_threads> threads,
        run_accounts_actor accounts);
  ~front();

  handle::behavior_type make_behavior();

private:
  using promise = caf::typed_response_promise<generation>;

  /// An actor that waits, and the place it holds.
  struct asking_actor {
    promise reply;
    admission_place place;
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
    std::variant<std::shared_ptr<pending_call>, asking_actor> caller;
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
    bool started = false;
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

  using ticket_map = std::unordered_map<std::uint64_t, ticket>;

  static constexpr std::size_t no_lane = static_cast<std::size_t>(-1);

  caf::result<generation> ask(generation_request& request);
  void submit(std::shared_ptr<pending_call> call);
  void admit(std::uint64_t number, ticket entry, std::chrono::milliseconds deadline);
  void dispatch(std::uint64_t number, ticket& entry);
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
  void leave_lane(ticket& entry);

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
  front_status status() const;

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<admission> gate_;
  lane_builder build_;
  std::shared_ptr<judging_threads> threads_;
  run_accounts_actor accounts_; // null once they died
  policy_ref policy_;
  std::vector<lane_slot> lanes_;
  std::optional<watcher<handle::base>> watcher_; // of the lanes and the run accounts
  ticket_map tickets_;
  std::deque<std::uint64_t> parked_; // no lane was open
  std::minstd_rand random_;
  clock::time_point earliest_deadline_ = clock::time_point::max();
  bool sweep_scheduled_ = false;
  std::uint64_t chains_lost_ = 0;
  std::uint64_t redispatched_ = 0;
};

} // namespace guardrails::actors
