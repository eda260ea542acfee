// Front, the part that sends requests to other nodes: which one, and what becomes of them when it is lost.
#include "actors/front.hpp"
#include "actors/policy.hpp"
#include "config/portable_text.hpp"

#include <guardrails/caf_network.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr std::chrono::milliseconds rest_of_full{100};

constexpr std::chrono::seconds lack_lasts{5};

constexpr std::string_view lacks_policy = "policy_unavailable";

/// What a request is on the wire, nearly.
std::uint64_t size_of(const std::vector<chat_message>& messages, const std::string& options) {
  constexpr std::size_t others = 64; // of each message
  std::uint64_t bytes = options.size();
  for (const auto& message : messages)
    bytes += message.role.size() + message.content.size() + message.extra.size() + others;
  return bytes;
}

/// The node cannot use the policy of the request.
bool lacks(const generation& result) {
  return result.error && result.error->kind == lacks_policy;
}

double load_of(std::uint64_t in_flight, std::uint64_t latency_us, std::uint64_t lanes) {
  return static_cast<double>(in_flight + 1) * static_cast<double>(std::max<std::uint64_t>(latency_us, 1)) /
         static_cast<double>(std::max<std::uint64_t>(lanes, 1));
}

} // namespace

// -- where to

double front::remote_node::load() const noexcept {
  return load_of(about.gauge->in_flight, about.gauge->latency.get(), about.lanes);
}

/// Here when a lane is idle, else where the least is under way and answers come soonest, of two nodes drawn
/// at random and a lane.
front::destination front::choose(const ticket& entry) {
  const auto& config = entry.policy->config.cluster;
  if (std::holds_alternative<guest>(entry.caller) || entry.part == lane_part::checks ||
      (nodes_.empty() && config.local))
    return {pick_lane()};
  const auto lane = config.local ? pick_lane() : no_lane;
  if (lane != no_lane && lanes_[lane].in_flight == 0)
    return {lane};
  if (size_of(entry.messages.get(), entry.options) > config.max_message_bytes)
    return {lane, 0, lane == no_lane};
  const auto& version = entry.policy.version();
  const auto node = pick_node(version);
  if (node == 0)
    return {lane, 0, false, lane == no_lane ? find_lack(version) : nullptr};
  if (lane != no_lane && load_of(lanes_[lane].in_flight, local_latency_.get(), 1) <= nodes_.at(node).load())
    return {lane};
  return {no_lane, node};
}

/// The better one of two; 0: none has room.
std::uint64_t front::pick_node(const std::string& version) {
  const auto one = draw_node(0, version);
  const auto other = one != 0 ? draw_node(one, version) : 0;
  return other != 0 && nodes_.at(other).load() < nodes_.at(one).load() ? other : one;
}

/// One that takes requests, has room and can use the policy, at random; 0: none does.
std::uint64_t front::draw_node(std::uint64_t other_than, const std::string& version) {
  const auto count = taking_.size();
  const auto first = count > 0 ? random_() % count : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = taking_[(first + i) % count];
    if (const auto& node = nodes_.at(id); id != other_than && node.has_room() && !node.lacked(version))
      return id;
  }
  return 0;
}

bool front::has_room() const {
  return std::ranges::any_of(taking_, [&](std::uint64_t id) { return nodes_.at(id).has_room(); });
}

/// Why a node cannot use the policy, when none can of those that take requests; null: one can, or there is
/// none.
const std::string* front::find_lack(const std::string& version) const {
  const std::string* why = nullptr;
  for (const auto id : taking_) {
    const auto* lack = nodes_.at(id).lacked(version);
    if (!lack)
      return nullptr;
    why = &lack->problem;
  }
  return why;
}

generation front::unusable(const ticket& entry, const std::string& problem) {
  generation account;
  block(account, *entry.policy, block_reason::llm_error,
        generation_error{std::string{lacks_policy}, problem, 0});
  return account;
}

std::uint64_t front::slowest() const {
  auto most = local_latency_.get();
  for (const auto& [id, node] : nodes_)
    most = std::max(most, node.about.gauge->latency.get());
  return most;
}

void front::send_away(std::uint64_t number, ticket& entry, std::uint64_t id) {
  const auto& node = nodes_.at(id);
  const auto dispatch = ++last_dispatch_;
  away_.emplace(dispatch, absence{number, id});
  entry.dispatch = dispatch;
  entry.dispatched = clock::now();
  if (!entry.call) // whose lane holds the life it has
    entry.life = request_life{entry.deadline};
  ++node.about.gauge->in_flight;
  ++node.about.gauge->sent;
  mail(self_,
       guest_request{
         dispatch, node.about.pass, entry.policy, entry.call ? *entry.call : entry.messages, entry.life,
         entry.call ? 0 : window_of(entry), entry.options, request_names{entry.request_id, entry.traceparent},
         !entry.policy->config.cluster.repeat_started, entry.call ? lane_part::model_call : lane_part::whole})
    .send(node.door(dispatch));
}

/// The checks of a request run here; its call goes to a node, or waits for one.
void front::call_elsewhere(distant_call& wanted) {
  const auto it = tickets_.find(wanted.ticket);
  if (it == tickets_.end() || it->second.lane == no_lane || it->second.call)
    return;
  auto& entry = it->second;
  if (size_of(wanted.messages.get(), entry.options) > entry.policy->config.cluster.max_message_bytes) {
    tell_client(entry, wanted.ticket);
    return end_early(it, block_reason::check_error,
                     {"too_large", "the request is longer than cluster.max_message_bytes", 0});
  }
  entry.call = std::make_unique<conversation>(std::move(wanted.messages));
  send_call(wanted.ticket, entry);
}

void front::send_call(std::uint64_t number, ticket& entry) {
  const auto& version = entry.policy.version();
  const auto node = pick_node(version);
  const auto* lack = node == 0 ? find_lack(version) : nullptr;
  if (node != 0)
    return send_away(number, entry, node);
  if (!lack)
    return parked_.push_back(number);
  entry.call.reset();
  if (lanes_[entry.lane].stages)
    mail(self_, distant_answer{number, unusable(entry, *lack)}).send(lanes_[entry.lane].stages->llm);
}

front::remote_node* front::node_of(const ticket& entry) {
  const auto where = away_.find(entry.dispatch);
  const auto node = where == away_.end() ? nodes_.end() : nodes_.find(where->second.node);
  return node == nodes_.end() ? nullptr : &node->second;
}

/// Whether the message that is being handled comes from the door through which a dispatch went.
bool front::is_from_its_node(std::uint64_t dispatch) const {
  const auto where = away_.find(dispatch);
  const auto node = where == away_.end() ? nodes_.end() : nodes_.find(where->second.node);
  return node != nodes_.end() &&
         node->second.door(dispatch) == caf::actor_cast<caf::actor_addr>(self_->current_sender());
}

/// Whether the message that is being handled comes from the process of a node that is known.
bool front::is_from_a_node() const {
  const auto sender = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  return sender && std::ranges::any_of(nodes_, [&](const auto& known) {
           return known.second.door(0).address().node() == sender.node();
         });
}

/// What its node says from now on comes too late.
void front::come_home(ticket& entry) {
  if (const auto* node = node_of(entry))
    --node->about.gauge->in_flight;
  away_.erase(entry.dispatch);
  entry.dispatch = 0;
}

// -- what nodes say

void front::take_answer(guest_answer& said) {
  const auto where = away_.find(said.dispatch);
  if (where == away_.end())
    return;
  const auto number = where->second.ticket;
  auto& entry = tickets_.at(number);
  if (auto* node = node_of(entry)) {
    ++node->about.gauge->answered;
    ++node->about.gauge->room;
    node->rests_until = {};
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - entry.dispatched);
    // That it failed quickly makes no node a quick one.
    const auto least = said.result.error ? slowest() : 0;
    if (!lacks(said.result))
      node->about.gauge->latency.measure(std::max(static_cast<std::uint64_t>(took.count()), least));
  }
  auto& result = said.result;
  if (lacks(result) && move_on(number, entry, result))
    return;
  if (entry.call) {
    come_home(entry);
    entry.call.reset();
    if (lanes_[entry.lane].stages)
      mail(self_, distant_answer{number, std::move(result)}).send(lanes_[entry.lane].stages->llm);
    return unpark();
  }
  if (result.blocked && result.block_reason && result.error) // the node may not have had the policy's words
    result.final_response = entry.policy->sentence(to_string(*result.block_reason));
  finish(number, std::move(result));
}

/// Its node cannot use its policy: another one may. False: it cannot be sent anew.
bool front::move_on(std::uint64_t number, ticket& entry, const generation& result) {
  auto* node = node_of(entry);
  if (!node || entry.started || entry.shown)
    return false;
  const auto now = clock::now();
  const auto gauge = node->about.gauge;
  std::erase_if(node->lacks, [&](const auto& known) { return known.second.until <= now; });
  node->lacks[entry.policy.version()] = {result.error->message, now + lack_lasts};
  gauge->note("lacks a configuration: " + result.error->message, now + lack_lasts);
  come_home(entry);
  send_anew(number, entry, gauge.get());
  return true;
}

// It has no room, for others use it too, or it ends. That is no loss: the request goes elsewhere or waits,
// and the node is thought to have room for what it has of ours, until it answers some of that.
void front::take_back(const guest_declined& declined) {
  const auto where = away_.find(declined.dispatch);
  if (where == away_.end())
    return;
  const auto number = where->second.ticket;
  auto& entry = tickets_.at(number);
  auto* node = node_of(entry);
  if (!node || entry.started || entry.shown)
    return miss(number);
  node->rests_until = clock::now() + rest_of_full;
  const auto gauge = node->about.gauge;
  come_home(entry);
  gauge->room = std::max<std::uint64_t>(gauge->in_flight, 1);
  send_anew(number, entry, gauge.get());
}

// The one place where a call is let go: what was dispatched anew meanwhile is unknown here and never sent.
void front::let_call(const guest_wants_call& wish) {
  const auto asker = caf::actor_cast<front_actor>(self_->current_sender());
  const auto where = away_.find(wish.dispatch);
  if (!asker)
    return;
  if (where == away_.end()) {
    mail(self_, guest_cancelled{wish.dispatch}).send(asker);
    return;
  }
  if (!is_from_its_node(wish.dispatch))
    return;
  tickets_.at(where->second.ticket).started = true;
  mail(self_, guest_may_call{wish.dispatch}).send(asker);
}

void front::take_released(guest_released& piece) {
  const auto where = away_.find(piece.dispatch);
  if (where == away_.end())
    return;
  tickets_.at(where->second.ticket).shown = true;
  released text{where->second.ticket, std::move(piece.text)};
  release(text);
}

// -- coming and going

// A node that was never asked counts as slow as the slowest, until it has answered.
void front::open_node(node_opened& opened) {
  close_node({opened.node, true});
  if (const auto most = slowest(); opened.gauge->latency.get() == 0 && most > 0)
    opened.gauge->latency.measure(most);
  opened.gauge->room = node_gauge::unknown_room;
  const auto id = opened.node;
  nodes_.insert_or_assign(id, remote_node{std::move(opened)});
  taking_.push_back(id);
  unpark_all();
}

void front::close_node(const node_closed& closed) {
  std::erase(taking_, closed.node);
  if (!closed.lost)
    return;
  std::vector<std::uint64_t> held;
  for (const auto& [dispatch, where] : away_)
    if (where.node == closed.node)
      held.push_back(where.ticket);
  for (const auto number : held)
    miss(number);
  nodes_.erase(closed.node);
}

/// The node of a ticket will not answer it: another place may.
void front::miss(std::uint64_t number) {
  const auto it = tickets_.find(number);
  if (it == tickets_.end())
    return;
  auto& entry = it->second;
  const auto gauge = node_of(entry) ? node_of(entry)->about.gauge : nullptr;
  const bool may_repeat = !entry.started || entry.policy->config.cluster.repeat_started;
  come_home(entry);
  const char* problem = nullptr;
  if (entry.shown)
    problem = "the node was lost while its answer was being shown";
  else if (!may_repeat)
    problem = "the node was lost after the model was asked; the call is not repeated";
  else if (++entry.chains_outlived == most_chains)
    problem = "too many nodes and chains were lost while they held the request";
  if (problem) {
    if (gauge)
      ++gauge->failed;
    tell_client(entry, number);
    return end_early(it, block_reason::llm_error, {"node_lost", problem, 0});
  }
  send_anew(number, entry, gauge.get());
}

void front::send_anew(std::uint64_t number, ticket& entry, node_gauge* left) {
  if (left)
    ++left->redispatched;
  ++redispatched_;
  entry.started = false;
  if (entry.call)
    send_call(number, entry);
  else
    dispatch(number, entry);
}

// -- policies

/// Of the current policy, or of one that a request was pinned to.
policy_text front::show_policy(const policy_text_query& query) const {
  auto found = query.version == policy_.version() ? policy_ref{policy_} : policy_ref{};
  for (auto it = tickets_.begin(); !found && it != tickets_.end(); ++it)
    if (it->second.policy && it->second.policy.version() == query.version)
      found = it->second.policy;
  if (!found)
    return {query.version, {}, "no request has this configuration any more"};
  auto text = config::make_portable(found->config, has_tls(self_->system()));
  return {query.version, std::move(text.yaml), std::move(text.problem)};
}

} // namespace guardrails::actors
