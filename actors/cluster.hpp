// Cluster: the nodes that a runtime uses, as its owner sees them.
#pragma once

#include "actors/membership.hpp"
#include "actors/system.hpp"

#include <guardrails/node_status.hpp>
#include <guardrails/rails_config.hpp>

#include <caf/io/middleman_actor.hpp>

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace guardrails::actors {

/// The house and its system, which has CAF's network, must outlive it. Thread-safe.
class cluster {
public:
  /// Throws config_error. A system of somebody else is lent a network for nodes.
  cluster(caf::actor_system& system, const house& home, const cluster_config& config);
  ~cluster();
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;

  void connect(const std::string& node);
  void disconnect(const std::string& node);

  /// The nodes of a configuration take the place of those of the one before.
  void use(const std::vector<std::string>& configured);

  std::vector<node_status> nodes() const { return shared_.board->all(); }

private:
  void tell() const;

  caf::io::middleman_actor lent_; // to a system of somebody else; null: it has one
  link_commons shared_;
  membership_actor membership_;
  mutable std::mutex mutex_;
  std::set<std::string> connected_;
  std::set<std::string> configured_;
};

} // namespace guardrails::actors
