// Membership: seeds are looked up again and again, since what a name stands for changes.
#include "actors/membership.hpp"

#include "actors/from_here.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr std::chrono::seconds look_up_every{5};

} // namespace

membership::membership(handle::pointer self, std::shared_ptr<roll_call> house, link_commons shared)
  : presence_{house}
  , self_{self}
  , house_{std::move(house)}
  , shared_{std::move(shared)} {}

membership::~membership() {
  for (const auto& [address, link] : links_)
    post_exit(link, caf::exit_reason::user_shutdown);
}

membership::handle::behavior_type membership::make_behavior() {
  drop_unexpected(self_);
  mail(self_, link_due{}).delay(look_up_every).send(self_);
  return {
    [this](const members_wanted& wanted) { use(wanted); },
    [this](const name_resolved& found) { take(found); },
    [this](const link_due&) { look_up_again(); },
  };
}

void membership::use(const members_wanted& wanted) {
  for (auto it = seeds_.begin(); it != seeds_.end();) {
    const bool stays = std::ranges::find(wanted.nodes, it->first) != wanted.nodes.end();
    if (!stays)
      shared_.board->remove(it->second.number);
    it = stays ? std::next(it) : seeds_.erase(it);
  }
  for (const auto& node : wanted.nodes)
    if (seeds_.try_emplace(node, seed{++last_number_}).second)
      look_up(node);
  link_all();
}

void membership::look_up(const std::string& node) {
  const auto where = config::parse_node_address(node);
  auto& known = seeds_.at(node);
  if (!where || std::exchange(known.looked_up, true))
    return; // where it is no address it was refused where it came from
  auto tell = [me = self_->address(), node](std::vector<std::string> addresses, std::string problem) {
    if (const auto house = caf::actor_cast<handle>(me))
      post(house, name_resolved{node, std::move(addresses), std::move(problem)});
  };
  shared_.pathfinder->look_up(*where, std::move(tell));
}

// A name that cannot be looked up keeps what it stood for.
void membership::take(const name_resolved& found) {
  const auto it = seeds_.find(found.name);
  if (it == seeds_.end())
    return;
  auto& known = it->second;
  known.looked_up = false;
  if (!found.problem.empty()) {
    if (known.addresses.empty()) {
      node_status status;
      status.address = found.name;
      status.problem = "its name cannot be looked up: " + found.problem;
      shared_.board->put(known.number, std::move(status), std::make_shared<node_gauge>());
    }
    return;
  }
  shared_.board->remove(known.number);
  known.addresses = found.addresses;
  link_all();
}

void membership::look_up_again() {
  for (const auto& [node, known] : seeds_)
    look_up(node);
  mail(self_, link_due{}).delay(look_up_every).send(self_);
}

void membership::link_all() {
  std::set<std::string> wanted;
  for (const auto& [node, known] : seeds_)
    wanted.insert(known.addresses.begin(), known.addresses.end());
  for (auto it = links_.begin(); it != links_.end();) {
    if (wanted.erase(it->first) == 1) {
      ++it;
      continue;
    }
    mail(self_, link_retired{}).send(it->second);
    it = links_.erase(it);
  }
  for (const auto& address : wanted)
    if (const auto where = config::parse_node_address(address))
      links_.emplace(address, spawn<node_link>(self_->system(), house_, shared_, ++last_number_, *where));
}

} // namespace guardrails::actors
