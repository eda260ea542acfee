// An actor system of our own, and how many of what a runtime has.
#pragma once

#include <guardrails/actors.hpp>
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
  /// With `network`, its actors can be reached as the `cluster` section says.
  owned_system(const runtime_options& options, const cluster_config* network);

  caf::actor_system& get() noexcept { return system_; }

private:
  struct settings : caf::actor_system_config {
    settings(const runtime_options& options, const cluster_config* network);
  };

  settings settings_;
  caf::actor_system system_;
};

/// Announces our types first.
std::unique_ptr<owned_system> start_system(const runtime_options& options, const cluster_config* network);

} // namespace guardrails::actors
