// Every actor interface and every message of the runtime, in the order in which a generation meets them.
//
//   caller ─▶ front ─admitted_request▶ input checker ─prompt▶ LLM client ─draft▶ output checker ─answer▶
//   front
//
// An answer that is streamed takes the same way in pieces, and its credit the way back:
//
//   LLM client ─draft_opened, draft_piece…, draft▶ output checker ─released…, answer▶ front ─▶ caller
//   caller ─▶ front ─stream_used▶ output checker ─draft_used▶ LLM client
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

/// A request that the front let in.
struct admitted_request {
  std::uint64_t ticket = 0;
  policy_ref policy;
  conversation messages;
  request_life life;
  std::uint64_t stream_window = 0; ///< bytes that may be released before they are used; 0: no stream
  std::string options{};           ///< as in the generation_request
};
BOOST_DESCRIBE_STRUCT(admitted_request, (), (ticket, policy, messages, life, stream_window, options))

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
};
BOOST_DESCRIBE_STRUCT(prompt, (), (ticket, policy, messages, life, account, masked, stream_window, options))

/// What the model said (`account.llm_response`), before the output checks.
struct draft {
  std::uint64_t ticket = 0;
  policy_ref policy;
  request_life life;
  generation account;
  masked_values masked{}; ///< what its placeholders stand for
};
BOOST_DESCRIBE_STRUCT(draft, (), (ticket, policy, life, account, masked))

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

/// The caller no longer wants the answer.
struct cancel_request {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(cancel_request, (), (ticket))

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

/// The way in: tickets, admission, token budget, deadlines, re-dispatch.
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
  caf::result<front_status>(status_query)>;

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
CAF_END_TYPE_ID_BLOCK(guardrails)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::policy_installation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::submission)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::request_judged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::draft_judged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::stream_looked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(guardrails::http_batch)
