// Tells targets apart by how they begin.
#include "apps/load/destination.hpp"

#include <algorithm>

namespace guardrails::load {
namespace {

constexpr std::string_view node_scheme = "node://";

std::optional<node_list> parse_nodes(std::string_view text) {
  node_list found;
  for (;;) {
    const auto one = text.substr(0, text.find(','));
    auto node = config::parse_node_address(one);
    if (!node || node->port == 0)
      return std::nullopt;
    found.nodes.push_back(std::move(*node));
    if (one.size() == text.size())
      return found;
    text.remove_prefix(one.size() + 1);
  }
}

} // namespace

std::optional<destination> parse_destination(std::string_view text) {
  if (text == "embedded")
    return embedded{};
  if (text.starts_with(node_scheme)) {
    auto nodes = parse_nodes(text.substr(node_scheme.size()));
    return nodes ? std::optional<destination>{std::move(*nodes)} : std::nullopt;
  }
  auto url = parse_http_url(text);
  return url ? std::optional<destination>{std::move(*url)} : std::nullopt;
}

} // namespace guardrails::load
