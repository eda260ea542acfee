// Judge: asks the remote judges of a policy for both checkers of its lane; batches, caches, ends in time.
#pragma once

#include "actors/policy.hpp"
#include "actors/presence.hpp"
#include "actors/transport_pool.hpp"
#include "actors/verdict_cache.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <unordered_map>
#include <utility>
#include <vector>

namespace guardrails::actors {

class judge {
public:
  using handle = judge_actor;
  using clock = std::chrono::steady_clock;
  static constexpr const char* name = "guardrails.judge";

  judge(handle::pointer self, std::shared_ptr<roll_call> house, std::shared_ptr<transport_pool> transports);
  ~judge();

  handle::behavior_type make_behavior();

private:
  using promise = caf::typed_response_promise<judge_answer>;

  /// A question that waits for its verdict.
  struct question {
    promise reply;
    judge_question asked;
    question_hash hash;
    clock::time_point since;
    clock::time_point deadline;
    std::uint32_t attempts = 0;
    bool alone = false; ///< not to be sent with others: one of them made a batch fail
  };

  using question_map = std::unordered_map<std::uint64_t, question>;

  /// What one configuration's judge of one subject is asked.
  struct desk {
    std::deque<std::uint64_t> waiting; // may name questions that ended; start() skips those
    std::size_t open = 0;              // calls handed to the transport and not yet answered
    clock::time_point flush_at{};      // when what waits has waited long enough
  };

  using desk_key = std::pair<const compiled_policy*, judge_subject>;

  /// A call under way.
  struct call {
    policy_ref policy; // keeps the key of its desk alive
    judge_subject subject;
    std::vector<std::uint64_t> questions;
  };

  caf::result<judge_answer> take(judge_question& asked);
  void enqueue(std::uint64_t id);
  void start_all();
  void start(desk& target);
  std::vector<std::uint64_t> next_batch(desk& target, const judge_config& config);
  void send(const std::vector<std::uint64_t>& ids);
  void receive(const net::http_response& response);
  void settle(call& done, const net::http_response& response);
  bool ask_one_by_one(const call& done, const net::http_response& response);
  bool retry(std::uint64_t id, const net::http_response& response);
  void sweep();
  void schedule_sweep();
  void schedule_batch(std::chrono::milliseconds wait);

  void answer(question_map::iterator it, std::optional<judge_verdict> verdict, judge_failure failure);
  const judge_config& config_of(const question& q) const;

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<transport_pool> transports_;
  std::unique_ptr<net::http_client> transport_;
  question_map questions_;
  std::map<desk_key, desk> desks_;
  std::unordered_map<std::uint64_t, call> calls_; // by transfer
  std::multimap<clock::time_point, std::uint64_t> retries_;
  std::array<verdict_cache, 2> caches_; // by subject
  std::uint64_t last_id_ = 0;
  bool sweep_scheduled_ = false;
  bool batch_scheduled_ = false;
  std::minstd_rand random_;
};

} // namespace guardrails::actors
