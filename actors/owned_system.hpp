// An actor system of our own, and how many of what a runtime has.
#pragma once

#include "actors/peer_network.hpp"

#include <guardrails/actors.hpp>
#include <guardrails/caf_network.hpp>
#include <guardrails/options.hpp>
#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <memory>

namespace guardrails::actors {

std::size_t count_lanes(const runtime_options& options);

/// No front without a lane.
std::size_t count_fronts(const runtime_options& options);

class owned_system {
public:
  /// With `network`, its actors can be reached as the `cluster` section says; `tell` hears of peers that were
  /// refused. Throws std::runtime_error for files that cannot be used.
  owned_system(const runtime_options& options, const cluster_config* network, network_report tell);
  ~owned_system();
  owned_system(const owned_system&) = delete;
  owned_system& operator=(const owned_system&) = delete;

  caf::actor_system& get() noexcept { return system_; }

private:
  struct settings : network_config {
    settings(const runtime_options& options, const cluster_config* network);
  };

  settings settings_;
  caf::actor_system system_;
};

/// Announces our types first.
std::unique_ptr<owned_system> start_system(const runtime_options& options, const cluster_config* network,
                                           network_report tell = {});

} // namespace guardrails::actors
