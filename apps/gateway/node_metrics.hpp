// What is counted of each node, in Prometheus' text format.
#pragma once

#include <guardrails/node_status.hpp>

#include <span>
#include <string>

namespace guardrails::gateway {

/// Empty without nodes.
std::string nodes_as_text(std::span<const node_status> nodes);

} // namespace guardrails::gateway
