// Front: tickets, admission, deadlines, re-dispatch.
#include "actors/front.hpp"

#include "actors/from_here.hpp"
#include "actors/policy.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr std::chrono::milliseconds sweep_interval{100};

constexpr std::chrono::hours longest_deadline{24};

constexpr std::size_t longest_session_id = 256; // bytes

std::uint64_t microseconds_since(front::clock::time_point begin) {
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::microseconds>(front::clock::now() - begin).count());
}

} // namespace

front::front(handle::pointer self, std::shared_ptr<roll_call> house, std::shared_ptr<admission> gate,
             std::size_t lanes, lane_builder build, front_commons shared)
  : presence_{std::move(house)}
  , self_{self}
  , gate_{std::move(gate)}
  , build_{std::move(build)}
  , shared_{std::move(shared)}
  , policy_{gate_->policy()}
  , lanes_(lanes)
  , random_{std::random_device{}()} {}

front::~front() {
  for (auto& lane : lanes_)
    if (lane.supervisor)
      post_exit(lane.supervisor, caf::exit_reason::user_shutdown);
  parked_.clear();
  send_guests_home();
  for (auto it = tickets_.begin(); it != tickets_.end(); it = tickets_.begin())
    end_early(it, block_reason::cancelled, {"shutdown", "the runtime ended before the generation did", 0});
}

front::handle::behavior_type front::make_behavior() {
  ignore_stray_errors(self_); // what a dead chain held is told by chain_lost
  watcher_.emplace(self_, [this](const caf::actor_addr& gone) {
    if (shared_.accounts && gone == shared_.accounts.address())
      lose_accounts();
    else if (!lose_asker(gone))
      replace_lane(gone);
  });
  watcher_->add(shared_.accounts);
  for (std::uint64_t i = 0; i < lanes_.size(); ++i)
    build_lane(i);
  const auto house = [this](auto take) { return from_here(self_, std::move(take)); };
  drop_unexpected(self_);
  return {
    house([this](generation_request& request) { return ask(request); }),
    [this](submission& s) { submit(std::move(s.call)); }, // cannot travel
    house([this](answer& a) { finish(a.ticket, std::move(a.result)); }),
    house([this](const started& s) {
      if (auto it = tickets_.find(s.ticket); it != tickets_.end())
        it->second.started = true;
    }),
    house([this](const cancel_request& c) { cancel(c.ticket); }),
    house([this](released& piece) { release(piece); }),
    house([this](const stream_used& used) { pass_on(used); }),
    house([this](policy_update& update) {
      if (update.policy)
        policy_ = std::move(update.policy);
    }),
    house([this](chain_opened& opened) { open(std::move(opened.stages)); }),
    house([this](const chain_lost& lost) { lose(lost.lane, lost.epoch); }),
    house([this](const context_counted& counted) { weighed(counted.ticket, counted.tokens); }),
    house([this](const run_claimed& said) { claimed(said); }),
    house([this](const run_settled& said) { settled(said.ticket, said.used); }),
    house([this](const deadline_sweep&) { sweep(); }),
    house([this](const status_query&) -> caf::result<front_status> { return status(); }),
    [this](node_opened& opened) { open_node(opened); }, // cannot travel
    house([this](const node_closed& closed) { close_node(closed); }),
    [this](guest_answer& said) {
      if (is_from_its_node(said.dispatch))
        take_answer(said);
    },
    house([this](distant_call& wanted) { call_elsewhere(wanted); }),
    [this](const guest_declined& declined) {
      if (is_from_its_node(declined.dispatch))
        take_back(declined);
    },
    [this](const guest_wants_call& wish) { let_call(wish); },
    [this](guest_released& piece) {
      if (is_from_its_node(piece.dispatch))
        take_released(piece);
    },
    [this](const policy_text_query& query) -> caf::result<policy_text> {
      if (is_from_a_node())
        return show_policy(query);
      return caf::make_error(caf::sec::unexpected_message);
    },
    [this](guest_request& asked) { take_in(asked); },
    house([this](const call_wanted& wish) { want_call(wish.ticket); }),
    [this](const guest_may_call& may) { allow_call(may.dispatch); },
    [this](const guest_cancelled& unwanted) { cancel(guest_ticket(unwanted.dispatch)); },
    [this](const guest_used& used) {
      pass_on({guest_ticket(used.dispatch), used.bytes});
    },
    house([this](const policy_fetched& fetched) { take_policy(fetched); }),
  };
}

// -- admission

caf::result<generation> front::ask(generation_request& request) {
  auto place = admission_place::take(gate_);
  if (!place)
    return refused(std::move(request), policy_);
  auto reply = self_->make_response_promise<generation>();
  ticket entry{asking_actor{reply, std::move(*place)},
               conversation{std::move(request.messages)},
               policy_,
               std::move(request.request_id),
               clock::now(),
               {},
               std::move(request.session_id),
               0,
               std::move(request.options)};
  entry.traceparent = std::move(request.traceparent);
  admit(gate_->next_ticket(), std::move(entry), request.deadline);
  return reply;
}

void front::submit(std::shared_ptr<pending_call> call) {
  const auto number = call->ticket;
  auto& request = call->request;
  const auto deadline = request.deadline;
  const auto since = call->since;
  conversation messages{std::move(request.messages)};
  auto id = std::move(request.request_id);
  auto session = std::move(request.session_id);
  auto options = std::move(request.options);
  auto trace = std::move(request.traceparent);
  const auto window = call->stream_window;
  call->begin(policy_.version());
  ticket entry{std::move(call), std::move(messages), policy_, std::move(id), since, {}, std::move(session),
               window,          std::move(options)};
  entry.traceparent = std::move(trace);
  admit(number, std::move(entry), deadline);
}

void front::admit(std::uint64_t number, ticket entry, std::chrono::milliseconds deadline) {
  if (entry.policy->config.cluster.placement == cluster_placement::model_at_nodes)
    entry.part = lane_part::checks;
  if (entry.request_id.empty())
    entry.request_id = "gen-" + std::to_string(number);
  const auto wanted = deadline.count() > 0 ? deadline : policy_->default_deadline();
  const auto limit = std::min<std::chrono::milliseconds>(wanted, longest_deadline);
  entry.deadline = entry.since + limit;
  earliest_deadline_ = std::min(earliest_deadline_, entry.deadline);
  const auto [it, added] = tickets_.emplace(number, std::move(entry));
  if (!added)
    return; // the caller's guard answers: a ticket submitted twice is a programming error of the embedder
  schedule_sweep();
  if (it->second.session_id.size() > longest_session_id)
    end_early(
      it, block_reason::check_error,
      {"invalid_request", "session_id: more than " + std::to_string(longest_session_id) + " bytes", 0});
  else
    weigh(number, it->second);
}

// -- routing

void front::dispatch(std::uint64_t number, ticket& entry) {
  entry.life.end(); // of an earlier dispatch: what a dying chain still holds must not be sent
  const auto to = choose(entry);
  if (to.too_large)
    end_early(
      tickets_.find(number), block_reason::check_error,
      {"too_large", "the request is longer than cluster.max_message_bytes, and runs nowhere here", 0});
  else if (to.node != 0)
    send_away(number, entry, to.node);
  else if (to.lane != no_lane)
    send_to_lane(number, entry, to.lane);
  else if (to.lack)
    mail(self_, answer{number, unusable(entry, *to.lack)}).send(self_); // later, for this end wakes others
  else
    parked_.push_back(number);
}

void front::send_to_lane(std::uint64_t number, ticket& entry, std::size_t index) {
  auto& lane = lanes_[index];
  entry.lane = index;
  ++lane.in_flight;
  entry.life = request_life{entry.deadline};
  if (!nodes_.empty())
    entry.dispatched = clock::now();
  const auto* asker = std::get_if<guest>(&entry.caller);
  mail(self_, admitted_request{number, entry.policy, entry.messages, entry.life, window_of(entry),
                               entry.options, request_names{entry.request_id, entry.traceparent},
                               asker && asker->asks_first, entry.part})
    .send(lane.stages->input);
}

// Where the budget is to judge the whole answer first, nobody needs it in pieces.
std::uint64_t front::window_of(const ticket& entry) const {
  const auto held = entry.budget && entry.policy->budget->withholds_answers() &&
                    entry.policy->config.guardrails.streaming == stream_mode::buffer;
  return held ? 0 : entry.stream_window;
}

/// One that waited for a place takes the one that became free.
void front::unpark() {
  while (!parked_.empty()) {
    const auto number = parked_.front();
    parked_.pop_front();
    const auto it = tickets_.find(number);
    if (it == tickets_.end() || it->second.dispatch != 0)
      continue;
    if (it->second.call)
      return send_call(number, it->second);
    if (it->second.lane == no_lane)
      return dispatch(number, it->second);
  }
}

/// Each once.
void front::unpark_all() {
  for (auto waiting = parked_.size(); waiting > 0; --waiting)
    unpark();
}

// Power of two choices: close to the least busy lane, without looking at all of them.
std::size_t front::pick_lane() {
  const auto count = lanes_.size();
  const auto first = random_() % count;
  const auto second = (first + 1 + random_() % std::max<std::size_t>(count - 1, 1)) % count;
  const auto better = lanes_[second].in_flight < lanes_[first].in_flight ? second : first;
  if (lanes_[better].stages)
    return better;
  for (std::size_t i = 0; i < count; ++i)
    if (lanes_[(first + i) % count].stages)
      return (first + i) % count;
  return no_lane;
}

void front::open(chain stages) {
  if (stages.lane >= lanes_.size())
    return;
  auto& lane = lanes_[stages.lane];
  if (stages.epoch <= lane.last_lost_epoch)
    return; // died before it was announced
  lane.stages = std::move(stages);
  unpark_all();
}

void front::lose(std::uint64_t index, std::uint64_t epoch) {
  if (index >= lanes_.size())
    return;
  auto& lane = lanes_[index];
  if (epoch <= lane.last_lost_epoch)
    return;
  lane.last_lost_epoch = epoch;
  ++chains_lost_;
  if (lane.stages && lane.stages->epoch > epoch)
    return;
  lane.stages.reset();
  lane.in_flight = 0;
  std::vector<std::uint64_t> held;
  for (const auto& [number, entry] : tickets_)
    if (entry.lane == index)
      held.push_back(number);
  for (const auto number : held) {
    const auto it = tickets_.find(number);
    if (it == tickets_.end())
      continue;
    auto& entry = it->second;
    tell_node(entry);
    come_home(entry);
    entry.call.reset();
    entry.lane = no_lane;
    entry.life.end();
    if (entry.started) {
      end_early(it, block_reason::llm_error,
                {"stage_lost", "a stage died after the model was asked; the call is not repeated", 0});
    } else if (++entry.chains_outlived == most_chains) {
      end_early(it, block_reason::check_error,
                {"stage_lost", "too many chains died while they held the request", 0});
    } else {
      ++redispatched_;
      dispatch(number, entry);
    }
  }
}

void front::build_lane(std::uint64_t index) {
  auto& lane = lanes_[index];
  lane.supervisor = build_(caf::actor_cast<front_actor>(self_), index, lane.last_lost_epoch + 1);
  watcher_->add(lane.supervisor);
}

void front::replace_lane(const caf::actor_addr& gone) {
  for (std::uint64_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].supervisor.address() != gone)
      continue;
    lose(i, lanes_[i].stages ? lanes_[i].stages->epoch : lanes_[i].last_lost_epoch + 1);
    build_lane(i);
  }
}

// -- endings

void front::finish(std::uint64_t number, generation result) {
  const auto it = tickets_.find(number);
  if (it == tickets_.end())
    return;
  if (it->second.lane != no_lane && !nodes_.empty())
    local_latency_.measure(microseconds_since(it->second.dispatched));
  if (it->second.budget && result.llm_response)
    settle(it, std::move(result));
  else
    end(it, std::move(result));
}

void front::leave_place(ticket& entry) {
  if (entry.lane != no_lane)
    --lanes_[entry.lane].in_flight;
  entry.lane = no_lane;
  come_home(entry);
}

/// Whose sentences its caller reads; a guest's policy may not be here yet.
const compiled_policy& front::words_for(const ticket& entry) const {
  return entry.policy ? *entry.policy : *policy_;
}

void front::end(ticket_map::iterator it, generation result) {
  const auto number = it->first;
  auto entry = std::move(it->second);
  tickets_.erase(it);
  entry.life.end();
  leave_place(entry);
  unpark();
  if (auto* asker = std::get_if<guest>(&entry.caller))
    return bid_farewell(*asker, std::move(result));
  release_claim(number, entry);
  if (entry.budget)
    result.token_budget_input_check = std::move(entry.budget->input_report);
  auto& spent = result.timings;
  const auto total =
    std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - entry.since).count();
  spent.total = static_cast<std::uint64_t>(std::max<std::int64_t>(total, 0));
  const auto working = spent.input_checks + spent.llm + spent.output_checks;
  spent.queue = spent.total > working ? spent.total - working : 0;
  result.messages = std::move(entry.messages).release();
  for (auto* report : {&result.input_check, &result.output_check})
    if (*report)
      (*report)->checks_off = entry.policy->checks_off;
  result.request_id = std::move(entry.request_id);
  result.config_version = entry.policy.version();
  if (auto* call = std::get_if<std::shared_ptr<pending_call>>(&entry.caller)) {
    (*call)->answer(std::move(result));
    return;
  }
  auto& asking = std::get<asking_actor>(entry.caller);
  {
    auto freed = std::move(asking.place);
  } // before the actor hears of it, so that its next request is let in
  asking.reply.deliver(std::move(result));
}

void front::end_early(ticket_map::iterator it, block_reason reason, generation_error problem) {
  generation account;
  block(account, words_for(it->second), reason, std::move(problem));
  end(it, std::move(account));
}

void front::cancel(std::uint64_t number) {
  const auto it = tickets_.find(number);
  if (it == tickets_.end())
    return;
  tell_client(it->second, number);
  end_early(it, block_reason::cancelled, {"cancelled", "the caller cancelled the request", 0});
}

void front::release(released& piece) {
  const auto it = tickets_.find(piece.ticket);
  if (it == tickets_.end())
    return;
  if (auto* call = std::get_if<std::shared_ptr<pending_call>>(&it->second.caller))
    (*call)->release(std::move(piece.text));
  else if (const auto* asker = std::get_if<guest>(&it->second.caller))
    mail(self_, guest_released{asker->dispatch, std::move(piece.text)}).send(asker->asker);
}

void front::pass_on(const stream_used& used) {
  const auto it = tickets_.find(used.ticket);
  if (it == tickets_.end())
    return;
  const auto& entry = it->second;
  if (entry.lane != no_lane && lanes_[entry.lane].stages)
    mail(self_, used).send(lanes_[entry.lane].stages->output);
  else if (const auto* node = node_of(entry))
    mail(self_, guest_used{entry.dispatch, used.bytes}).send(node->door(entry.dispatch));
}

void front::tell_client(const ticket& entry, std::uint64_t number) {
  if (entry.lane != no_lane && lanes_[entry.lane].stages)
    mail(self_, cancel_request{number}).send(lanes_[entry.lane].stages->llm);
  tell_node(entry);
}

void front::tell_node(const ticket& entry) {
  if (const auto* node = node_of(entry))
    mail(self_, guest_cancelled{entry.dispatch}).send(node->door(entry.dispatch));
}

void front::schedule_sweep() {
  if (std::exchange(sweep_scheduled_, true))
    return;
  mail(self_, deadline_sweep{}).delay(sweep_interval).send(self_);
}

// Looks at the tickets only when the earliest deadline that was ever seen since the last look has passed:
// with equal timeouts and answers in time that is once per timeout, not once per interval. What is parked
// looks each time: nobody tells this front of the room at a node that another front gave back.
void front::sweep() {
  sweep_scheduled_ = false;
  const auto now = clock::now();
  if (now >= earliest_deadline_) {
    earliest_deadline_ = clock::time_point::max();
    std::vector<std::uint64_t> late;
    for (const auto& [number, entry] : tickets_)
      if (entry.deadline <= now)
        late.push_back(number);
      else
        earliest_deadline_ = std::min(earliest_deadline_, entry.deadline);
    for (const auto number : late) {
      const auto it = tickets_.find(number);
      if (it == tickets_.end())
        continue;
      tell_client(it->second, number);
      end_early(it, block_reason::timeout, {"timeout", "the deadline passed before the generation ended", 0});
    }
  }
  for (auto waiting = parked_.size(); waiting > 0 && has_room(); --waiting)
    unpark();
  if (!tickets_.empty())
    schedule_sweep();
}

front_status front::status() const {
  front_status result;
  result.in_flight = tickets_.size();
  result.lanes = lanes_.size();
  result.lanes_open = static_cast<std::uint64_t>(
    std::ranges::count_if(lanes_, [](const lane_slot& lane) { return lane.stages.has_value(); }));
  result.chains_lost = chains_lost_;
  result.redispatched = redispatched_;
  return result;
}

} // namespace guardrails::actors
