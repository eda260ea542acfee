// CAF's network over sessions that peers agreed on before CAF hears of them, with TLS or plain. CAF's own
// plain network makes room for as much as anybody announces; CAF 0.17's module for OpenSSL gives a silent
// connection a core and its descriptor for ever, ends the process where it runs out of descriptors, and says
// nothing of whom it refused.
#pragma once

#include "net/peer_listener.hpp"
#include "net/peer_session.hpp"

#include <guardrails/caf.hpp>

#include <caf/io/middleman_actor.hpp>

#include <cstdint>

namespace guardrails::actors {

/// Publishes and connects as the middleman's own actor does. Ends the session of a peer that announces more
/// than `longest_message` bytes. `tell` hears of whom listeners refused. Belongs
/// to the caller, who sends it an exit; the system must have CAF's middleman.
caf::io::middleman_actor spawn_peer_middleman(caf::actor_system& system, net::peer_identity ours,
                                              std::uint64_t longest_message, net::peer_listener::report tell);

} // namespace guardrails::actors
