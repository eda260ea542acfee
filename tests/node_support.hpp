// Nodes of a test's own, in its process, and waiting for them.
#pragma once

#include <guardrails/guardrails.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

namespace guardrails::test {

/// Waits until it holds; far beyond any deadline, so that only a hang reaches the end.
template <class Condition>
bool in_time(Condition holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

inline bool has_nodes(const llm_rails& rails, node_state state, std::size_t count) {
  const auto nodes = rails.nodes();
  return count == static_cast<std::size_t>(std::ranges::count(nodes, state, &node_status::state));
}

inline std::string address_of(const rails_node& node) {
  return "127.0.0.1:" + std::to_string(node.port());
}

/// Two threads and lanes each, so that many nodes fit into one process.
inline runtime_options small_runtime() {
  return {2, 2, scheduler_policy::sharing, true};
}

} // namespace guardrails::test
