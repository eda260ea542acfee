// What opens and makes connections to nodes, as the `cluster` section says.
#pragma once

#include <guardrails/caf.hpp>
#include <guardrails/rails_config.hpp>

#include <caf/io/middleman_actor.hpp>

#include <functional>
#include <string>

namespace guardrails::actors {

/// Gets lines for people, on a thread of its own; may be empty.
using network_report = std::function<void(const std::string& line)>;

/// Belongs to the caller, who sends it an exit; the system must have CAF's middleman. Throws config_error for
/// files that cannot be used.
caf::io::middleman_actor spawn_peer_network(caf::actor_system& system, const cluster_config& config,
                                            network_report tell);

} // namespace guardrails::actors
