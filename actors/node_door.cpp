// Node door: peers, each with its pass.
#include "actors/node_door.hpp"

#include "actors/from_here.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr std::size_t most_peers = 4096;

} // namespace

node_door::node_door(handle::pointer self, std::shared_ptr<roll_call> house, node_offer offer)
  : presence_{std::move(house)}
  , self_{self}
  , offer_{std::move(offer)} {}

node_door::handle::behavior_type node_door::make_behavior() {
  ignore_stray_errors(self_);
  drop_unexpected(self_);
  watcher_.emplace(self_, [this](const caf::actor_addr& gone) {
    if (std::ranges::find(offer_.doors, gone, &front_actor::address) != offer_.doors.end())
      close();
    else
      forget(gone);
  });
  for (const auto& door : offer_.doors)
    watcher_->add(door);
  return {
    [this](const node_join& asked) -> caf::result<node_welcome> { return let_in(asked); },
    [this](const node_ping& ping) -> caf::result<node_beat> {
      if (!peers_.contains(caf::actor_cast<caf::actor_addr>(self_->current_sender())))
        return caf::make_error(caf::sec::unexpected_message);
      return beat(ping.number);
    },
    [this](const node_leave&) { forget(caf::actor_cast<caf::actor_addr>(self_->current_sender())); },
    from_here(self_, [this](const node_drain&) { drain(); }),
    [this](const node_question& question) -> caf::result<node_report> { return describe(question); },
  };
}

node_welcome node_door::let_in(const node_join& asked) {
  node_welcome said;
  said.attempt = asked.attempt;
  said.version = GUARDRAILS_VERSION;
  auto link = caf::actor_cast<node_link_actor>(self_->current_sender());
  auto refusal = find_refusal(asked, offer_.identity);
  if (!refusal && (!link || peers_.size() >= most_peers))
    refusal = {"too_many_peers", "the node has as many peers as it can", 0};
  if (refusal) {
    report("refused a peer: " + refusal->message);
    said.refusal = std::move(*refusal);
    return said;
  }
  const auto [it, is_new] = peers_.try_emplace(link.address());
  if (is_new) {
    watcher_->add(link);
    report("a peer joined; peers: " + std::to_string(peers_.size()));
  } else {
    offer_.guests->revoke(it->second.pass);
  }
  it->second = {std::move(link), offer_.guests->admit()};
  said.pass = it->second.pass;
  said.doors = offer_.doors;
  said.lanes = offer_.lanes;
  said.credit = offer_.gate->limit();
  said.draining = draining_;
  return said;
}

void node_door::forget(const caf::actor_addr& gone) {
  const auto left = peers_.extract(gone);
  if (left.empty())
    return;
  offer_.guests->revoke(left.mapped().pass);
  report("a peer left; peers: " + std::to_string(peers_.size()));
}

void node_door::drain() {
  draining_ = true;
  for (const auto& [address, known] : peers_)
    mail(self_, beat(0)).send(known.link);
}

/// Peers hear of it at once, and have other places for what they sent.
void node_door::close() {
  report("closed: a part of it died; start it again");
  if (offer_.closed)
    offer_.closed();
  self_->quit(caf::exit_reason::unhandled_exception);
}

node_beat node_door::beat(std::uint64_t number) const {
  return {number, offer_.gate->in_flight(), draining_};
}

node_report node_door::describe(const node_question& question) const {
  node_report said;
  if (auto refusal = find_refusal(question.token, offer_.identity)) {
    report("refused a question: " + refusal->message);
    said.refusal = std::move(*refusal);
    return said;
  }
  said.version = GUARDRAILS_VERSION;
  said.lanes = offer_.lanes;
  said.in_flight = offer_.gate->in_flight();
  said.peers = peers_.size();
  said.draining = draining_;
  return said;
}

void node_door::report(const std::string& line) const {
  if (offer_.report)
    offer_.report(line);
}

} // namespace guardrails::actors
