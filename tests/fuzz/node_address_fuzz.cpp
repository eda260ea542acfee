// Any text as the address of a node: refused, or written so that it is read as the same.
#include "config/node_address.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using guardrails::config::parse_node_address;
  const auto address = parse_node_address({reinterpret_cast<const char*>(data), size});
  if (!address)
    return 0;
  const auto again = parse_node_address(address->text());
  if (!again || again->host != address->host || again->port != address->port)
    std::abort();
  return 0;
}
