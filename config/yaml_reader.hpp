// YAML text → tree, refusing everything that a configuration does not need.
#pragma once

#include "config/node.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::config {

/// Bounds on a document, so that a hostile one costs little.
struct document_limits {
  static constexpr std::size_t bytes = 4u << 20;
  static constexpr std::size_t depth = 64;
  static constexpr std::size_t nodes = 250'000;
  static constexpr std::size_t nodes_from_aliases = 10'000;
};

/// Reads one YAML document; an empty one gives a node of shape `nothing`. Aliases are expanded. Throws
/// config_error.
node read_yaml(std::string_view text, const std::string& source);

} // namespace guardrails::config
