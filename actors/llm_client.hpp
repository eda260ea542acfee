// LLM client: asks the model over HTTP, or the embedded echo engine, and delegates its draft.
#pragma once

#include "actors/policy.hpp"
#include "actors/presence.hpp"
#include "actors/transport_pool.hpp"
#include "llm/chat_codec.hpp"
#include "llm/provider.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <unordered_map>

namespace guardrails::actors {

class llm_client {
public:
  using handle = llm_client_actor;
  using clock = std::chrono::steady_clock;
  static constexpr const char* name = "guardrails.llm-client";

  llm_client(handle::pointer self, std::shared_ptr<roll_call> house,
             std::shared_ptr<transport_pool> transports, output_checker_actor next);
  ~llm_client();

  handle::behavior_type make_behavior();

private:
  using promise = caf::typed_response_promise<answer>;

  enum class phase : std::uint8_t { away, asking, queued, open, backing_off, echoing };

  /// A prompt under way.
  struct call {
    promise reply;
    prompt request;
    caf::strong_actor_ptr asker;
    clock::time_point since;
    clock::time_point deadline;
    std::uint32_t attempts = 0;
    phase state = phase::queued;
    bool allowed = true; // to be sent; else the front is asked once a connection is free
    std::unique_ptr<llm::answer_stream> stream{}; // its answer comes in pieces
    std::string said{};                           // so far
  };

  using call_map = std::unordered_map<std::uint64_t, call>;

  /// What one configuration's upstream is asked: each has its own connections, so that a slow one holds up no
  /// other.
  struct upstream {
    std::deque<std::uint64_t> waiting; // may name calls that ended; drop_stale() bounds those
    std::size_t open = 0; // transfers handed to the transport and not yet answered, and calls that ask first
  };

  caf::result<answer> take(prompt& request);
  caf::result<answer> echo(prompt& request);
  void deliver_echoes();
  void schedule_echoes();
  void ask_first(std::uint64_t ticket, call& entry, upstream& target);
  void free_place(const call& entry);
  void allow(std::uint64_t ticket);
  void take_distant(distant_answer& said);
  void enqueue(std::uint64_t ticket);
  void start_queued();
  void start_queued(upstream& target);
  /// Why the provider is not asked; or nothing.
  std::optional<generation_error> start(std::uint64_t ticket, call& entry);
  void open_stream(call& entry, std::uint32_t status);
  void receive(const net::http_response& response);
  void judge_response(call_map::iterator it, const net::http_response& response);
  void take_piece(call_map::iterator it, const net::http_response& piece);
  void end_stream(call_map::iterator it, const net::http_response& response);
  void refuse(std::uint64_t ticket);
  void use(const draft_used& used);
  bool retry(std::uint64_t ticket, call& entry, const net::http_response& response);
  void cancel(std::uint64_t ticket);
  void drop_stale(upstream& target);

  void succeed(call_map::iterator it, llm::completion result);
  void hand_on(call& entry);
  void fail(call_map::iterator it, block_reason reason, generation_error problem);
  call new_call(prompt& request);

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<transport_pool> transports_;
  std::unique_ptr<net::http_client> transport_;
  output_checker_actor next_;
  call_map calls_;
  std::map<const compiled_policy*, upstream> upstreams_;
  std::unordered_map<std::uint64_t, policy_ref> transfers_; // open ones; keeps the keys above alive
  std::multimap<clock::time_point, std::uint64_t> echoes_;
  bool echo_scheduled_ = false;
  std::minstd_rand random_;
};

} // namespace guardrails::actors
