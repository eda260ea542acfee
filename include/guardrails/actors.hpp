// Every actor interface and every message of the runtime, in the order in which a generation meets them.
//
//   caller ─▶ front ─admitted_request▶ input checker ─prompt▶ LLM client ─draft▶ output checker ─answer▶
//   front
//
// An answer that is streamed takes the same way in pieces, and its credit the way back:
//
//   LLM client ─draft_opened, draft_piece…, draft▶ output checker ─released…, answer▶ front ─▶ caller
//   caller ─▶ front ─stream_used▶ output checker ─draft_used▶ LLM client
//
// A front may also send a request to a front of another node, under a number of its own, the dispatch:
//
//   front ─guest_request▶ front of a node ─ its lane ─guest_answer▶ front
//
// and before that node's LLM client asks the model, the first front has to let it:
//
//   LLM client ─call_wanted▶ front of a node ─guest_wants_call▶ front, and back as ◀guest_may_call◀ and
//   ◀call_allowed◀
#pragma once

#include <guardrails/caf.hpp>
#include <guardrails/generation.hpp>
#include <guardrails/judging.hpp>
#include <guardrails/masked_values.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace guardrails {

struct compiled_policy;

namespace net {
struct http_response;
}

namespace actors {
class pending_call;
struct judged_request;
class answer_stream;
struct judged_draft;
struct node_gauge;
} // namespace actors

// -- values that messages carry

/// The compiled configuration that a request was pinned to at admission. In a process all holders share one
/// immutable snapshot; on the wire only its version travels, and the receiving node looks the snapshot up.
class policy_ref {
public:
  using wire_type = std::string;

  policy_ref() = default;
  explicit policy_ref(std::shared_ptr<const compiled_policy> snapshot)
    : snapshot_{std::move(snapshot)} {}

  explicit operator bool() const noexcept { return snapshot_ != nullptr; }
  const compiled_policy& operator*() const noexcept { return *snapshot_; }
  const compiled_policy* operator->() const noexcept { return snapshot_.get(); }
  const std::shared_ptr<const compiled_policy>& share() const noexcept { return snapshot_; }

  /// Content hash of the configuration.
  const std::string& version() const noexcept;

  std::string to_wire() const { return version(); }
  static policy_ref from_wire(std::string version);

private:
  std::shared_ptr<const compiled_policy> snapshot_;
  std::string version_; // only when there is no snapshot
};

/// A conversation that is never copied in a process: its holders share it.
class conversation {
public:
  using wire_type = std::vector<chat_message>;

  conversation() = default;
  explicit conversation(std::vector<chat_message> messages)
    : messages_{std::make_shared<std::vector<chat_message>>(std::move(messages))} {}

  const std::vector<chat_message>& get() const noexcept;

  /// The messages themselves: moved out when this is the last holder, copied otherwise.
  std::vector<chat_message> release() &&;

  std::vector<chat_message> to_wire() const { return get(); }
  static conversation from_wire(std::vector<chat_message> messages) {
    return conversation{std::move(messages)};
  }

private:
  std::shared_ptr<std::vector<chat_message>> messages_;
};

/// Whether anybody still waits for a dispatched request, and until when: stages look before they work, so
/// that what was cancelled, timed out or dispatched anew costs nothing more. Shared in a process; on the wire
/// only the time left travels.
class request_life {
public:
  using clock = std::chrono::steady_clock;
  using wire_type = std::int64_t; ///< microseconds left

  request_life() = default;
  explicit request_life(clock::time_point deadline)
    : shared_{std::make_shared<shared>(deadline)} {}

  clock::time_point deadline() const noexcept {
    return shared_ ? shared_->deadline : clock::time_point::max();
  }
  void end() const noexcept {
    if (shared_)
      shared_->ended.store(true, std::memory_order_relaxed);
  }
  bool over() const noexcept {
    return shared_ && (shared_->ended.load(std::memory_order_relaxed) || clock::now() >= shared_->deadline);
  }

  wire_type to_wire() const;
  static request_life from_wire(wire_type left);

private:
  struct shared {
    explicit shared(clock::time_point until)
      : deadline{until} {}
    clock::time_point deadline;
    std::atomic<bool> ended{false};
  };

  std::shared_ptr<shared> shared_;
};

// -- messages along a lane

/// By which the model's request is found in logs and traces.
struct request_names {
  std::string request_id;
  std::string traceparent; ///< empty: none
};
BOOST_DESCRIBE_STRUCT(request_names, (), (request_id, traceparent))

/// What a lane does of a generation.
enum class lane_part : std::uint8_t {
  whole,      ///< all of it
  checks,     ///< all but the call of the model, which the front sends to a node
  model_call, ///< only that, for another node's lane
};
BOOST_DESCRIBE_ENUM(lane_part, whole, checks, model_call)

/// A request that the front let in.
struct admitted_request {
  std::uint64_t ticket = 0;
  policy_ref policy;
  conversation messages;
  request_life life;
  std::uint64_t stream_window = 0; ///< bytes that may be released before they are used; 0: no stream
  std::string options{};           ///< as in the generation_request
  request_names names{};
  bool asks_first = false; ///< the model is asked only after the front allowed the call
  lane_part part = lane_part::whole;
};
BOOST_DESCRIBE_STRUCT(admitted_request, (),
                      (ticket, policy, messages, life, stream_window, options, names, asks_first, part))

/// A request that the input checks let through. `account` is the generation as far as it got.
struct prompt {
  std::uint64_t ticket = 0;
  policy_ref policy;
  conversation messages;
  request_life life;
  generation account;
  masked_values masked{}; ///< what the messages' placeholders stand for
  std::uint64_t stream_window = 0;
  std::string options{};
  request_names names{};
  bool asks_first = false;
  lane_part part = lane_part::whole;
};
BOOST_DESCRIBE_STRUCT(prompt, (),
                      (ticket, policy, messages, life, account, masked, stream_window, options, names,
                       asks_first, part))

/// What the model said (`account.llm_response`), before the output checks.
struct draft {
  std::uint64_t ticket = 0;
  policy_ref policy;
  request_life life;
  generation account;
  masked_values masked{}; ///< what its placeholders stand for
  lane_part part = lane_part::whole;
};
BOOST_DESCRIBE_STRUCT(draft, (), (ticket, policy, life, account, masked, part))

/// A model began to answer in pieces; the draft that follows them has the whole text.
struct draft_opened {
  std::uint64_t ticket = 0;
  policy_ref policy;
  request_life life;
  std::uint64_t stream_window = 0;
  masked_values masked{};
  caf::strong_actor_ptr front; ///< takes what is released
};
BOOST_DESCRIBE_STRUCT(draft_opened, (), (ticket, policy, life, stream_window, masked, front))

/// The next piece, in whole characters, and the bytes it took on the wire.
struct draft_piece {
  std::uint64_t ticket = 0;
  std::string text;
  std::uint64_t wire_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(draft_piece, (), (ticket, text, wire_bytes))

/// There will be no draft after the pieces of this ticket.
struct draft_dropped {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(draft_dropped, (), (ticket))

/// Pieces of so many bytes on the wire were taken: as many more may come.
struct draft_used {
  std::uint64_t ticket = 0;
  std::uint64_t wire_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(draft_used, (), (ticket, wire_bytes))

/// What came is enough, for it fails its checks: the draft is what there is.
struct draft_refused {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(draft_refused, (), (ticket))

/// Text of an answer that may be shown, after what was released before.
struct released {
  std::uint64_t ticket = 0;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(released, (), (ticket, text))

/// The caller used so many bytes of what was released.
struct stream_used {
  std::uint64_t ticket = 0;
  std::uint64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(stream_used, (), (ticket, bytes))

/// A finished generation. Its `messages` and its reports' `checks_off` are empty: the front adds them.
struct answer {
  std::uint64_t ticket = 0;
  generation result;
};
BOOST_DESCRIBE_STRUCT(answer, (), (ticket, result))

/// The request's bytes have gone out to the model: from now on it must not be sent again.
struct started {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(started, (), (ticket))

/// The model is about to be asked for a request that `asks_first`.
struct call_wanted {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(call_wanted, (), (ticket))

/// It may be.
struct call_allowed {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(call_allowed, (), (ticket))

/// The call of a request whose lane does the checks only: a node is to make it.
struct distant_call {
  std::uint64_t ticket = 0;
  conversation messages; ///< for the model
};
BOOST_DESCRIBE_STRUCT(distant_call, (), (ticket, messages))

/// What came of it.
struct distant_answer {
  std::uint64_t ticket = 0;
  generation result;
};
BOOST_DESCRIBE_STRUCT(distant_answer, (), (ticket, result))

/// The caller no longer wants the answer.
struct cancel_request {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(cancel_request, (), (ticket))

// -- messages between the fronts of two nodes

/// A request for a lane of another node. `dispatch` names it between the two fronts, and never another one.
struct guest_request {
  std::uint64_t dispatch = 0;
  std::uint64_t pass = 0; ///< of the welcome
  policy_ref policy;
  conversation messages;
  request_life life;
  std::uint64_t stream_window = 0;
  std::string options{};
  request_names names{};
  bool asks_first = true;
  lane_part part = lane_part::whole;
};
BOOST_DESCRIBE_STRUCT(guest_request, (),
                      (dispatch, pass, policy, messages, life, stream_window, options, names, asks_first,
                       part))

/// Its finished generation.
struct guest_answer {
  std::uint64_t dispatch = 0;
  generation result;
};
BOOST_DESCRIBE_STRUCT(guest_answer, (), (dispatch, result))

/// The node did not take it: another one may.
struct guest_declined {
  std::uint64_t dispatch = 0;
};
BOOST_DESCRIBE_STRUCT(guest_declined, (), (dispatch))

/// The node is about to ask the model.
struct guest_wants_call {
  std::uint64_t dispatch = 0;
};
BOOST_DESCRIBE_STRUCT(guest_wants_call, (), (dispatch))

/// It may; the request goes to no other node from now on, unless repeats are allowed.
struct guest_may_call {
  std::uint64_t dispatch = 0;
};
BOOST_DESCRIBE_STRUCT(guest_may_call, (), (dispatch))

/// Nobody waits for it any more.
struct guest_cancelled {
  std::uint64_t dispatch = 0;
};
BOOST_DESCRIBE_STRUCT(guest_cancelled, (), (dispatch))

/// Text of its answer that may be shown.
struct guest_released {
  std::uint64_t dispatch = 0;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(guest_released, (), (dispatch, text))

/// The caller used so many bytes of what was released.
struct guest_used {
  std::uint64_t dispatch = 0;
  std::uint64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(guest_used, (), (dispatch, bytes))

/// Asks a front for the text of a policy that one of its requests has.
struct policy_text_query {
  std::string version;
};
BOOST_DESCRIBE_STRUCT(policy_text_query, (), (version))

/// It, with `${NAME}` as it was written; or why there is none.
struct policy_text {
  std::string version;
  std::string yaml;
  std::string problem; ///< empty: none
};
BOOST_DESCRIBE_STRUCT(policy_text, (), (version, yaml, problem))

// -- messages to judges

/// Asks a remote judge about a text; the judge_answer has the same ticket and subject.
struct judge_question {
  std::uint64_t ticket = 0;
  policy_ref policy;
  request_life life;
  judge_subject subject = judge_subject::toxicity;
  bool is_answer = false; ///< the text is a model's, not a user's
  std::string text;
};
BOOST_DESCRIBE_STRUCT(judge_question, (), (ticket, policy, life, subject, is_answer, text))

// -- messages about runs: what the generations of one session use together

/// Sets tokens of a run aside for a ticket.
struct run_claim {
  std::uint64_t ticket = 0;
  policy_ref policy;
  std::string session;
  std::uint64_t context = 0; ///< tokens of the conversation
};
BOOST_DESCRIBE_STRUCT(run_claim, (), (ticket, policy, session, context))

/// What the run had used or set aside before a claim. Without room for another run, nothing is set aside.
struct run_claimed {
  std::uint64_t ticket = 0;
  std::uint64_t used = 0;
  bool room = true;
};
BOOST_DESCRIBE_STRUCT(run_claimed, (), (ticket, used, room))

/// What a ticket really used, in place of what was set aside for it.
struct run_settlement {
  std::uint64_t ticket = 0;
  std::string session;
  std::uint64_t tokens = 0;
};
BOOST_DESCRIBE_STRUCT(run_settlement, (), (ticket, session, tokens))

/// What the run had used before a settlement.
struct run_settled {
  std::uint64_t ticket = 0;
  std::uint64_t used = 0;
};
BOOST_DESCRIBE_STRUCT(run_settled, (), (ticket, used))

/// Gives back what was set aside for a ticket.
struct run_release {
  std::uint64_t ticket = 0;
  std::string session;
};
BOOST_DESCRIBE_STRUCT(run_release, (), (ticket, session))

// -- messages about policies

/// The policy that new requests are pinned to from now on.
struct policy_update {
  policy_ref policy;
};
BOOST_DESCRIBE_STRUCT(policy_update, (), (policy))

/// A policy to make current; `installed` is set once the front will see it before any later submission.
struct policy_installation {
  policy_ref policy;
  std::shared_ptr<std::promise<void>> installed;
};

/// Asks for the current policy, or for the one of a version (empty policy when it is not live).
struct policy_query {
  std::string version; ///< empty: the current one
};
BOOST_DESCRIBE_STRUCT(policy_query, (), (version))

/// A policy that a guest's request names: its node needs it.
struct policy_wanted {
  std::string version;
  caf::strong_actor_ptr holder; ///< a front that has it
};
BOOST_DESCRIBE_STRUCT(policy_wanted, (), (version, holder))

/// It, compiled; or why there is none.
struct policy_fetched {
  std::string version;
  policy_ref policy;
  std::string problem; ///< empty: none
};
BOOST_DESCRIBE_STRUCT(policy_fetched, (), (version, policy, problem))

// -- messages inside a process

/// A call from a thread or a coroutine.
struct submission {
  std::shared_ptr<actors::pending_call> call;
};

/// A request with a long text was judged, from a judging thread.
struct request_judged {
  std::shared_ptr<actors::judged_request> work;
};

/// A draft with a long text was judged, from a judging thread.
struct draft_judged {
  std::shared_ptr<actors::judged_draft> work;
};

/// A long text that is still coming was looked at.
struct stream_looked {
  std::uint64_t ticket = 0;
  std::shared_ptr<actors::answer_stream> stream;
};

/// A long conversation was counted, from a judging thread.
struct context_counted {
  std::uint64_t ticket = 0;
  std::optional<std::uint64_t> tokens; ///< null: they could not be counted
};
BOOST_DESCRIBE_STRUCT(context_counted, (), (ticket, tokens))

/// Finished transfers, from an I/O thread.
struct http_batch {
  std::shared_ptr<std::vector<net::http_response>> responses;
};

/// A timer of the front, and of the judge: looks for deadlines that passed.
struct deadline_sweep {};
BOOST_DESCRIBE_STRUCT(deadline_sweep, (), ())

/// A timer of the LLM client: an attempt may be repeated now.
struct retry_due {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(retry_due, (), (ticket))

/// A timer of the LLM client: some embedded answers are due.
struct echo_due {};
BOOST_DESCRIBE_STRUCT(echo_due, (), ())

/// A timer of the judge: a batch has waited long enough.
struct batch_due {};
BOOST_DESCRIBE_STRUCT(batch_due, (), ())

/// A timer of the lane: build a new chain.
struct respawn_due {};
BOOST_DESCRIBE_STRUCT(respawn_due, (), ())

/// A timer of a link and of the membership: it is time for the next step. Older ones are ignored.
struct link_due {
  std::uint64_t step = 0;
};
BOOST_DESCRIBE_STRUCT(link_due, (), (step))

/// Whether a node's port can be reached, from a thread that tried.
struct port_probed {
  std::uint64_t step = 0;
  std::string problem; ///< empty: it can
};
BOOST_DESCRIBE_STRUCT(port_probed, (), (step, problem))

/// What a name stands for, from a thread that looked it up.
struct name_resolved {
  std::string name;
  std::vector<std::string> addresses; ///< HOST:PORT, numeric
  std::string problem;                ///< empty: none
};
BOOST_DESCRIBE_STRUCT(name_resolved, (), (name, addresses, problem))

/// The nodes that are to be used from now on, as HOST:PORT.
struct members_wanted {
  std::vector<std::string> nodes;
};
BOOST_DESCRIBE_STRUCT(members_wanted, (), (nodes))

/// A node that a link needs no longer: what is under way there may end.
struct link_retired {};
BOOST_DESCRIBE_STRUCT(link_retired, (), ())

/// A node takes no more requests; one that is lost answers none either.
struct node_closed {
  std::uint64_t node = 0;
  bool lost = true;
};
BOOST_DESCRIBE_STRUCT(node_closed, (), (node, lost))

/// Asks an actor of the house how it is doing.
struct status_query {};
BOOST_DESCRIBE_STRUCT(status_query, (), ())

/// The front's view of itself.
struct front_status {
  std::uint64_t in_flight = 0;
  std::uint64_t lanes_open = 0;
  std::uint64_t lanes = 0;
  std::uint64_t chains_lost = 0;  ///< chains that died since the start
  std::uint64_t redispatched = 0; ///< tickets sent to another chain
};
BOOST_DESCRIBE_STRUCT(front_status, (), (in_flight, lanes_open, lanes, chains_lost, redispatched))

// -- interfaces

/// What CAF users see of a runtime.
using rails_actor = typed_actor<
  // Runs one generation; never answers with an error.
  caf::result<generation>(generation_request)>;

/// Holds the immutable policies by content hash.
using config_store_actor = typed_actor<
  // Makes a policy the current one and tells the front.
  caf::result<void>(policy_installation),
  // Hands out the current policy, or the one of a version.
  caf::result<policy_ref>(policy_query)>;

/// Beside the stages: asks the remote judges of a policy, for both checkers of its lane.
using judge_actor = typed_actor<
  // Judges a text; never answers with an error, and in time.
  caf::result<judge_answer>(judge_question),
  // Takes finished transfers.
  caf::result<void>(http_batch),
  // Sends what waited for others to be sent with.
  caf::result<void>(batch_due),
  // Ends questions whose deadline passed, repeats attempts.
  caf::result<void>(deadline_sweep)>;

/// Last stage: judges the answer and fills in the generation.
using output_checker_actor = typed_actor<
  // Judges a draft.
  caf::result<answer>(draft),
  // Goes on with a long text.
  caf::result<void>(draft_judged),
  // Goes on with what a remote judge was asked about.
  caf::result<void>(judge_answer),
  // Begins to check an answer that comes in pieces.
  caf::result<void>(draft_opened),
  // Releases what can be.
  caf::result<void>(draft_piece),
  // Shows what was found to be safe.
  caf::result<void>(stream_looked),
  // Forgets the pieces of a ticket.
  caf::result<void>(draft_dropped),
  // Lets the model go on.
  caf::result<void>(stream_used)>;

/// Middle stage: asks the model.
using llm_client_actor = typed_actor<
  // Asks the model and delegates its draft.
  caf::result<answer>(prompt),
  // Goes on with a prompt that asked first.
  caf::result<void>(call_allowed),
  // Goes on with a prompt whose call a node made.
  caf::result<void>(distant_answer),
  // Closes the upstream request of a ticket and forgets it.
  caf::result<void>(cancel_request),
  // Takes finished transfers.
  caf::result<void>(http_batch),
  // Repeats an attempt.
  caf::result<void>(retry_due),
  // Answers what the embedded engine held back.
  caf::result<void>(echo_due),
  // Lets the upstream of a streamed answer go on.
  caf::result<void>(draft_used),
  // Ends the upstream of a streamed answer, and delegates the draft as far as it came.
  caf::result<void>(draft_refused)>;

/// First stage: judges the input.
using input_checker_actor = typed_actor<
  // Judges a request; answers a blocked one at once, delegates the others.
  caf::result<answer>(admitted_request),
  // Goes on with a long text.
  caf::result<void>(request_judged),
  // Goes on with what a remote judge was asked about.
  caf::result<void>(judge_answer)>;

/// The three stages of one lane and their judge. `epoch` counts the chains that a lane has built.
struct chain {
  std::uint64_t lane = 0;
  std::uint64_t epoch = 0;
  input_checker_actor input;
  llm_client_actor llm;
  output_checker_actor output;
  judge_actor judge; ///< null: whatever asks a judge fails
};
BOOST_DESCRIBE_STRUCT(chain, (), (lane, epoch, input, llm, output, judge))

/// A lane has a whole chain and takes requests.
struct chain_opened {
  chain stages;
};
BOOST_DESCRIBE_STRUCT(chain_opened, (), (stages))

/// A stage of a lane died: what its chain held is lost.
struct chain_lost {
  std::uint64_t lane = 0;
  std::uint64_t epoch = 0;
};
BOOST_DESCRIBE_STRUCT(chain_lost, (), (lane, epoch))

/// Wires, watches and respawns one chain.
using lane_actor = typed_actor<
  // Hands out the current chain.
  caf::result<chain>(status_query),
  // Builds a new chain after one was lost.
  caf::result<void>(respawn_due)>;

/// Keeps the tokens that each session's run used; answers its asker, a front, by ticket.
using run_accounts_actor = typed_actor<
  // Sets tokens aside and mails run_claimed.
  caf::result<void>(run_claim),
  // Puts down what was used and mails run_settled.
  caf::result<void>(run_settlement),
  // Gives back what was set aside.
  caf::result<void>(run_release)>;

struct node_opened;

/// The way in: tickets, admission, token budget, deadlines, re-dispatch; and the way into a node.
using front_actor = typed_actor<
  // Runs one generation for another actor.
  caf::result<generation>(generation_request),
  // Runs one generation for a thread or a coroutine.
  caf::result<void>(submission),
  // Ends a ticket.
  caf::result<void>(answer),
  // Marks a ticket as not repeatable.
  caf::result<void>(started),
  // Ends a ticket as cancelled and tells its lane.
  caf::result<void>(cancel_request),
  // Hands released text to the caller.
  caf::result<void>(released),
  // Tells the lane that the caller used what was released.
  caf::result<void>(stream_used),
  // Pins new requests to another policy.
  caf::result<void>(policy_update),
  // Takes a lane into rotation.
  caf::result<void>(chain_opened),
  // Takes a lane out of rotation; re-dispatches or fails its tickets.
  caf::result<void>(chain_lost),
  // Goes on with a long conversation.
  caf::result<void>(context_counted),
  // Dispatches a ticket, or ends it when its run is used up.
  caf::result<void>(run_claimed),
  // Ends a ticket that was answered.
  caf::result<void>(run_settled),
  // Ends the tickets whose deadline passed.
  caf::result<void>(deadline_sweep),
  // Counts.
  caf::result<front_status>(status_query),
  // Takes a node into rotation.
  caf::result<void>(node_opened),
  // Takes a node out of rotation; of a lost one re-dispatches or fails the tickets.
  caf::result<void>(node_closed),
  // Ends a ticket that a node answered.
  caf::result<void>(guest_answer),
  // Sends the call of a ticket to a node.
  caf::result<void>(distant_call),
  // Sends a ticket to another node.
  caf::result<void>(guest_declined),
  // Lets a node ask the model.
  caf::result<void>(guest_wants_call),
  // Hands what a node released to the caller.
  caf::result<void>(guest_released),
  // Hands out the text of a policy in use.
  caf::result<policy_text>(policy_text_query),
  // Takes a request of another node's front.
  caf::result<void>(guest_request),
  // Asks that front whether the model may be asked.
  caf::result<void>(call_wanted),
  // Lets the LLM client ask the model.
  caf::result<void>(guest_may_call),
  // Ends a request of another node's front.
  caf::result<void>(guest_cancelled),
  // Tells the lane what that front's caller used.
  caf::result<void>(guest_used),
  // Dispatches the requests that waited for a policy.
  caf::result<void>(policy_fetched)>;

// -- nodes

/// Asks to be let in. This message, the node_welcome up to its refusal, and the interface of a node stay as
/// they are in every version: else nobody could be told why.
struct node_join {
  std::uint64_t attempt = 0;
  std::uint32_t protocol = 0;
  std::string caf;    ///< the version of CAF, as 0.17
  std::string schema; ///< of the policies
  std::string token;
};
BOOST_DESCRIBE_STRUCT(node_join, (), (attempt, protocol, caf, schema, token))

/// The answer to a node_join.
struct node_welcome {
  std::uint64_t attempt = 0;
  generation_error refusal; ///< its kind is empty: welcome
  std::string version;      ///< of the node's program
  std::uint64_t pass = 0;   ///< for requests
  std::vector<front_actor> doors;
  std::uint64_t lanes = 0;
  std::uint64_t credit = 0; ///< requests that the node takes at a time
  bool draining = false;
};
BOOST_DESCRIBE_STRUCT(node_welcome, (), (attempt, refusal, version, pass, doors, lanes, credit, draining))

/// Asks a node for a sign of life.
struct node_ping {
  std::uint64_t number = 0;
};
BOOST_DESCRIBE_STRUCT(node_ping, (), (number))

/// A node's sign of life.
struct node_beat {
  std::uint64_t number = 0; ///< of the ping; 0: nobody asked
  std::uint64_t in_flight = 0;
  bool draining = false;
};
BOOST_DESCRIBE_STRUCT(node_beat, (), (number, in_flight, draining))

/// A peer goes, and sends nothing any more.
struct node_leave {};
BOOST_DESCRIBE_STRUCT(node_leave, (), ())

/// The node is to take no more requests.
struct node_drain {};
BOOST_DESCRIBE_STRUCT(node_drain, (), ())

/// Asks a node about itself.
struct node_question {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(node_question, (), (token))

/// What a node says about itself.
struct node_report {
  generation_error refusal; ///< its kind is empty: none
  std::string version;
  std::uint64_t lanes = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t peers = 0; ///< that joined
  bool draining = false;
};
BOOST_DESCRIBE_STRUCT(node_report, (), (refusal, version, lanes, in_flight, peers, draining))

/// A node that takes requests, as its link tells the fronts.
struct node_opened {
  std::uint64_t node = 0;
  std::uint64_t pass = 0;
  std::vector<front_actor> doors;
  std::uint64_t lanes = 1;
  std::uint64_t credit = 0;
  std::shared_ptr<actors::node_gauge> gauge;
};

/// Where a node is entered; the one actor that it publishes.
using node_actor = typed_actor<
  // Lets a peer in, or says why not.
  caf::result<node_welcome>(node_join),
  // Gives a sign of life.
  caf::result<node_beat>(node_ping),
  // Forgets a peer.
  caf::result<void>(node_leave),
  // Tells every peer to send no more.
  caf::result<void>(node_drain),
  // Tells about the node.
  caf::result<node_report>(node_question)>;

/// Keeps the connection to one node: connects, joins, watches, tells the fronts.
using node_link_actor = typed_actor<
  // Takes what the node says to a join.
  caf::result<void>(node_welcome),
  // Takes a sign of life.
  caf::result<void>(node_beat),
  // Goes on with a port that was tried.
  caf::result<void>(port_probed),
  // Takes the next step.
  caf::result<void>(link_due),
  // Leaves the node once nothing is under way there.
  caf::result<void>(link_retired)>;

/// Keeps a link for each node that is to be used.
using membership_actor = typed_actor<
  // Adds and retires links.
  caf::result<void>(members_wanted),
  // Goes on with a name that was looked up.
  caf::result<void>(name_resolved),
  // Looks names up again.
  caf::result<void>(link_due)>;

/// Fetches and compiles the policies that guests' requests name.
using policy_fetcher_actor = typed_actor<
  // Finds a policy and mails policy_fetched.
  caf::result<void>(policy_wanted),
  // Compiles a policy.
  caf::result<void>(policy_text),
  // Hands a compiled policy to those who want it.
  caf::result<void>(policy_fetched)>;

/// Announces the runtime's message types to CAF. From CAF 0.18 on, a program that brings its own actor system
/// calls this before it constructs the system's configuration.
void announce_types();

/// Adds the runtime's message types to the configuration of a program's own actor system.
void enlist_types(caf::actor_system_config& config);

/// `rails_actor` as llm_rails::handle() returns it; a class of its own so that llm_rails.hpp needs no CAF.
struct rails_handle : rails_actor {
  explicit rails_handle(rails_actor handle)
    : rails_actor{std::move(handle)} {}
};

} // namespace guardrails

CAF_BEGIN_TYPE_ID_BLOCK(guardrails, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(guardrails, (guardrails::generation_request))
CAF_ADD_TYPE_ID(guardrails, (guardrails::generation))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_ref))
CAF_ADD_TYPE_ID(guardrails, (guardrails::conversation))
CAF_ADD_TYPE_ID(guardrails, (guardrails::admitted_request))
CAF_ADD_TYPE_ID(guardrails, (guardrails::prompt))
CAF_ADD_TYPE_ID(guardrails, (guardrails::draft))
CAF_ADD_TYPE_ID(guardrails, (guardrails::answer))
CAF_ADD_TYPE_ID(guardrails, (guardrails::started))
CAF_ADD_TYPE_ID(guardrails, (guardrails::cancel_request))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_update))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_installation))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_query))
CAF_ADD_TYPE_ID(guardrails, (guardrails::submission))
CAF_ADD_TYPE_ID(guardrails, (guardrails::request_judged))
CAF_ADD_TYPE_ID(guardrails, (guardrails::draft_judged))
CAF_ADD_TYPE_ID(guardrails, (guardrails::stream_looked))
CAF_ADD_TYPE_ID(guardrails, (guardrails::http_batch))
CAF_ADD_TYPE_ID(guardrails, (guardrails::deadline_sweep))
CAF_ADD_TYPE_ID(guardrails, (guardrails::retry_due))
CAF_ADD_TYPE_ID(guardrails, (guardrails::echo_due))
CAF_ADD_TYPE_ID(guardrails, (guardrails::respawn_due))
CAF_ADD_TYPE_ID(guardrails, (guardrails::status_query))
CAF_ADD_TYPE_ID(guardrails, (guardrails::front_status))
CAF_ADD_TYPE_ID(guardrails, (guardrails::rails_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::config_store_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::output_checker_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::llm_client_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::input_checker_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::chain))
CAF_ADD_TYPE_ID(guardrails, (guardrails::chain_opened))
CAF_ADD_TYPE_ID(guardrails, (guardrails::chain_lost))
CAF_ADD_TYPE_ID(guardrails, (guardrails::lane_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::run_claim))
CAF_ADD_TYPE_ID(guardrails, (guardrails::run_claimed))
CAF_ADD_TYPE_ID(guardrails, (guardrails::run_settlement))
CAF_ADD_TYPE_ID(guardrails, (guardrails::run_settled))
CAF_ADD_TYPE_ID(guardrails, (guardrails::run_release))
CAF_ADD_TYPE_ID(guardrails, (guardrails::context_counted))
CAF_ADD_TYPE_ID(guardrails, (guardrails::run_accounts_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::front_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::judge_question))
CAF_ADD_TYPE_ID(guardrails, (guardrails::judge_answer))
CAF_ADD_TYPE_ID(guardrails, (guardrails::batch_due))
CAF_ADD_TYPE_ID(guardrails, (guardrails::judge_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::draft_opened))
CAF_ADD_TYPE_ID(guardrails, (guardrails::draft_piece))
CAF_ADD_TYPE_ID(guardrails, (guardrails::draft_dropped))
CAF_ADD_TYPE_ID(guardrails, (guardrails::draft_used))
CAF_ADD_TYPE_ID(guardrails, (guardrails::draft_refused))
CAF_ADD_TYPE_ID(guardrails, (guardrails::released))
CAF_ADD_TYPE_ID(guardrails, (guardrails::stream_used))
CAF_ADD_TYPE_ID(guardrails, (guardrails::call_wanted))
CAF_ADD_TYPE_ID(guardrails, (guardrails::call_allowed))
CAF_ADD_TYPE_ID(guardrails, (guardrails::distant_call))
CAF_ADD_TYPE_ID(guardrails, (guardrails::distant_answer))
CAF_ADD_TYPE_ID(guardrails, (guardrails::guest_request))
CAF_ADD_TYPE_ID(guardrails, (guardrails::guest_answer))
CAF_ADD_TYPE_ID(guardrails, (guardrails::guest_declined))
CAF_ADD_TYPE_ID(guardrails, (guardrails::guest_wants_call))
CAF_ADD_TYPE_ID(guardrails, (guardrails::guest_may_call))
CAF_ADD_TYPE_ID(guardrails, (guardrails::guest_cancelled))
CAF_ADD_TYPE_ID(guardrails, (guardrails::guest_released))
CAF_ADD_TYPE_ID(guardrails, (guardrails::guest_used))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_text_query))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_text))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_wanted))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_fetched))
CAF_ADD_TYPE_ID(guardrails, (guardrails::link_due))
CAF_ADD_TYPE_ID(guardrails, (guardrails::port_probed))
CAF_ADD_TYPE_ID(guardrails, (guardrails::name_resolved))
CAF_ADD_TYPE_ID(guardrails, (guardrails::members_wanted))
CAF_ADD_TYPE_ID(guardrails, (guardrails::link_retired))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_closed))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_join))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_welcome))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_ping))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_beat))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_leave))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_drain))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_question))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_report))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_opened))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::node_link_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::membership_actor))
CAF_ADD_TYPE_ID(guardrails, (guardrails::policy_fetcher_actor))
CAF_END_TYPE_ID_BLOCK(guardrails)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::policy_installation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::submission)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::request_judged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::draft_judged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::stream_looked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::http_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::node_opened)
