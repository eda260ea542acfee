// Connects to a peer.
#pragma once

#include "net/peer_session.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace guardrails::net {

struct peer_connection {
  std::optional<peer_session> session;
  std::string problem; ///< why there is none
};

/// Blocks, `limit` at most, and as long as finding the address takes where `host` is a name.
peer_connection connect_to_peer(const peer_identity& ours, const std::string& host, std::uint16_t port,
                                std::chrono::milliseconds limit);

} // namespace guardrails::net
