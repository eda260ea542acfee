// Front, the part that takes requests of other nodes' fronts. A guest is a ticket like any other, but its
// asker keeps the deadline, the budget and the sentences, and is asked before the model is.
#include "actors/front.hpp"
#include "actors/policy.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr std::size_t most_unread = 4096; // guests that wait for one policy

} // namespace

void front::take_in(guest_request& asked) {
  auto asker = caf::actor_cast<front_actor>(self_->current_sender());
  if (!asker)
    return;
  auto place = shared_.guests->knows(asked.pass) ? admission_place::take(gate_) : std::nullopt;
  if (!place) {
    mail(self_, guest_declined{asked.dispatch}).send(asker);
    return;
  }
  const auto number = gate_->next_ticket();
  if (!guests_.emplace(guest_key{asker.address(), asked.dispatch}, number).second)
    return; // no front sends a dispatch twice
  if (askers_.insert(asker.address()).second)
    watcher_->add(asker);
  ticket entry{guest{std::move(asker), asked.dispatch, asked.asks_first, std::move(*place)},
               std::move(asked.messages),
               std::move(asked.policy),
               std::move(asked.names.request_id),
               clock::now(),
               asked.life.deadline(),
               {},
               asked.stream_window,
               std::move(asked.options)};
  entry.traceparent = std::move(asked.names.traceparent);
  entry.part = asked.part;
  earliest_deadline_ = std::min(earliest_deadline_, entry.deadline);
  const auto it = tickets_.emplace(number, std::move(entry)).first;
  schedule_sweep();
  house_guest(number, it->second);
}

/// Gives it its policy, or lets it wait for it.
void front::house_guest(std::uint64_t number, ticket& entry) {
  const auto version = entry.policy.version();
  entry.policy = version == policy_.version() ? policy_ : policies_.find(version);
  if (entry.policy)
    return dispatch(number, entry);
  auto& waiting = unread_[version];
  if (waiting.size() >= most_unread)
    return end_early(
      tickets_.find(number), block_reason::overloaded,
      {"overloaded", "too many requests wait for their configuration at a node; retry later", 0});
  waiting.push_back(number);
  const auto& asker = std::get<guest>(entry.caller).asker;
  mail(self_, policy_wanted{version, caf::actor_cast<caf::strong_actor_ptr>(asker)}).send(shared_.fetcher);
}

void front::take_policy(const policy_fetched& fetched) {
  if (fetched.policy)
    policies_.put(fetched.version, fetched.policy);
  const auto waiting = unread_.extract(fetched.version);
  if (waiting.empty())
    return;
  for (const auto number : waiting.mapped()) {
    const auto it = tickets_.find(number);
    if (it == tickets_.end())
      continue;
    if (fetched.policy) {
      it->second.policy = fetched.policy;
      dispatch(number, it->second);
    } else {
      end_early(it, block_reason::llm_error, {"policy_unavailable", fetched.problem, 0});
    }
  }
}

void front::want_call(std::uint64_t number) {
  const auto it = tickets_.find(number);
  if (it == tickets_.end())
    return;
  const auto* asker = std::get_if<guest>(&it->second.caller);
  if (asker)
    mail(self_, guest_wants_call{asker->dispatch}).send(asker->asker);
}

void front::allow_call(std::uint64_t dispatch) {
  const auto number = guest_ticket(dispatch);
  const auto it = tickets_.find(number);
  if (it != tickets_.end() && it->second.lane != no_lane && lanes_[it->second.lane].stages)
    mail(self_, call_allowed{number}).send(lanes_[it->second.lane].stages->llm);
}

/// The ticket of a request of the front whose message is being handled; 0: there is none.
std::uint64_t front::guest_ticket(std::uint64_t dispatch) const {
  const auto asker = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  const auto found = guests_.find(guest_key{asker, dispatch});
  return found == guests_.end() ? 0 : found->second;
}

/// Nobody waits for its requests any more. False: it was none of our askers.
bool front::lose_asker(const caf::actor_addr& gone) {
  if (askers_.erase(gone) == 0)
    return false;
  std::vector<std::uint64_t> held;
  for (const auto& [key, number] : guests_)
    if (key.asker == gone)
      held.push_back(number);
  for (const auto number : held)
    cancel(number);
  return true;
}

/// Their askers have other places for them.
void front::send_guests_home() {
  for (const auto& [key, number] : guests_)
    if (const auto it = tickets_.find(number); it != tickets_.end()) {
      post(std::get<guest>(it->second.caller).asker, guest_declined{key.dispatch});
      tickets_.erase(it);
    }
}

void front::bid_farewell(guest& leaving, generation result) {
  guests_.erase(guest_key{leaving.asker.address(), leaving.dispatch});
  result.messages.clear(); // the asker has them
  mail(self_, guest_answer{leaving.dispatch, std::move(result)}).send(leaving.asker);
}

} // namespace guardrails::actors
