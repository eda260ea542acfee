// One family after the other, each with a sample for every node.
#include "apps/gateway/node_metrics.hpp"

#include "apps/gateway/exposition.hpp"

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace guardrails::gateway {
namespace {

std::string label_of(const node_status& node) {
  return label("node", node.address);
}

void append_counts(std::string& out, std::span<const node_status> nodes, std::string_view name,
                   std::string_view type, std::string_view help, std::uint64_t node_status::*count) {
  append_head(out, name, type, help);
  for (const auto& node : nodes)
    append_sample(out, name, label_of(node), std::to_string(node.*count));
}

std::string seconds(std::uint64_t microseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", static_cast<double>(microseconds) / 1e6);
  return text;
}

} // namespace

std::string nodes_as_text(std::span<const node_status> nodes) {
  std::string out;
  if (nodes.empty())
    return out;
  append_head(out, "guardrails_node_state", "gauge", "1 for the state a node is in.");
  for (const auto& node : nodes)
    append_sample(out, "guardrails_node_state",
                  label_of(node).append(",").append(label("state", to_string(node.state))), "1");
  append_head(out, "guardrails_node_latency_seconds", "gauge", "Recent generations at a node, on average.");
  for (const auto& node : nodes)
    append_sample(out, "guardrails_node_latency_seconds", label_of(node), seconds(node.latency_us));
  append_counts(out, nodes, "guardrails_node_in_flight", "gauge", "Generations of ours under way at a node.",
                &node_status::in_flight);
  append_counts(out, nodes, "guardrails_node_lanes", "gauge", "Lanes of a node.", &node_status::lanes);
  append_counts(out, nodes, "guardrails_node_sent_total", "counter", "Requests sent to a node.",
                &node_status::sent);
  append_counts(out, nodes, "guardrails_node_answered_total", "counter", "Requests that a node answered.",
                &node_status::answered);
  append_counts(out, nodes, "guardrails_node_redispatched_total", "counter",
                "Requests that went to another place after a node was lost or declined them.",
                &node_status::redispatched);
  append_counts(out, nodes, "guardrails_node_failed_total", "counter",
                "Requests that ended because a node was lost.", &node_status::failed);
  append_counts(out, nodes, "guardrails_node_losses_total", "counter", "Times that a node was lost.",
                &node_status::times_lost);
  return out;
}

} // namespace guardrails::gateway
