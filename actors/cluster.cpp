// Cluster: what was connected in code, and what the configuration names.
#include "actors/cluster.hpp"

#include "actors/peer_network.hpp"

#include <guardrails/caf_network.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace guardrails::actors {

namespace {

link_commons commons_of(const house& home, const cluster_config& config, caf::io::middleman_actor network) {
  link_commons shared;
  shared.network = std::move(network);
  shared.fronts = home.fronts();
  shared.board = std::make_shared<node_board>();
  shared.pathfinder = std::make_shared<scout>();
  shared.identity =
    node_identity::own(config.token_file.empty() ? std::string{} : read_token(config.token_file));
  shared.heartbeat = config.heartbeat;
  shared.credit = config.credit;
  return shared;
}

} // namespace

cluster::cluster(caf::actor_system& system, const house& home, const cluster_config& config)
  : lent_{own_network_of(system) ? caf::io::middleman_actor{} : spawn_peer_network(system, config, {})}
  , shared_{commons_of(home, config, lent_ ? lent_ : own_network_of(system))}
  , membership_{spawn<membership>(system, home.present(), shared_)} {
  use(config.nodes);
}

cluster::~cluster() {
  shared_.pathfinder->stop();
  post_exit(membership_, caf::exit_reason::user_shutdown);
  if (lent_)
    post_exit(lent_, caf::exit_reason::user_shutdown);
}

void cluster::connect(const std::string& node) {
  const auto where = config::parse_node_address(node);
  if (!where || where->port == 0)
    throw std::invalid_argument{"'" + node + "' is not HOST:PORT"};
  const std::lock_guard guard{mutex_};
  connected_.insert(node);
  tell();
}

void cluster::disconnect(const std::string& node) {
  const std::lock_guard guard{mutex_};
  connected_.erase(node);
  configured_.erase(node);
  tell();
}

void cluster::use(const std::vector<std::string>& configured) {
  const std::lock_guard guard{mutex_};
  configured_ = {configured.begin(), configured.end()};
  tell();
}

void cluster::tell() const {
  members_wanted wanted;
  std::ranges::set_union(connected_, configured_, std::back_inserter(wanted.nodes));
  post(membership_, std::move(wanted));
}

} // namespace guardrails::actors
