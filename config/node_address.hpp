// Where a node listens: HOST:PORT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::config {

struct node_address {
  std::string host; ///< without brackets
  std::uint16_t port = 0;

  /// The host is 127.0.0.0/8, ::1 or `localhost`.
  bool is_loopback() const noexcept;

  /// As it is read, with brackets around what has colons.
  std::string text() const;
};

/// Nothing when `text` is not HOST:PORT. Port 0 is one.
std::optional<node_address> parse_node_address(std::string_view text);

} // namespace guardrails::config
