// TARGET of the command line.
#pragma once

#include "apps/load/http_url.hpp"
#include "config/node_address.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::load {

/// The library in this process.
struct embedded {};

/// The library, with these nodes and no place in this process.
struct node_list {
  std::vector<config::node_address> nodes;
};

using destination = std::variant<http_url, embedded, node_list>;

/// `http://…`, `embedded`, or `node://HOST:PORT[,HOST:PORT…]`. Nothing: none of them.
std::optional<destination> parse_destination(std::string_view text);

} // namespace guardrails::load
