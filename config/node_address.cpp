// HOST:PORT, with brackets around what has colons.
#include "config/node_address.hpp"

#include <charconv>

namespace guardrails::config {

bool node_address::is_loopback() const noexcept {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string node_address::text() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<node_address> parse_node_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || stop != digits.data() + digits.size())
    return std::nullopt;
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  const std::string_view allowed = bracketed ? "0123456789abcdefABCDEF:."
                                             : "0123456789abcdefghijklmnopqrstuvwxyz"
                                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
  if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos)
    return std::nullopt;
  return node_address{std::string{host}, port};
}

} // namespace guardrails::config
