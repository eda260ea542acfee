#include "actors/peer_network.hpp"

#include "actors/handshake.hpp"
#include "actors/peer_middleman.hpp"

#include <guardrails/caf_network.hpp>
#include <guardrails/errors.hpp>

#include <cstdint>
#include <stdexcept>
#include <utility>

namespace guardrails::actors {

namespace {

// Answers and configurations are not bounded by the length of requests.
constexpr std::uint64_t most_around_message = 64u << 20;

net::peer_identity identity_of(const cluster_config& config) {
  const auto token = config.token_file.empty() ? std::string{} : read_token(config.token_file);
  const auto dialect = "CAF " + caf_family();
  if (config.tls.certificate.empty())
    return net::peer_identity{token, dialect};
  try {
    const net::peer_identity ours{
      {config.tls.certificate, config.tls.key, config.tls.ca_file}, token, dialect};
    net::check_own_certificate(ours, config.tls.certificate);
    return ours;
  } catch (const std::runtime_error& problem) {
    throw config_error{{}, "cluster.tls", problem.what()};
  }
}

net::peer_listener::report heard_by(network_report tell) {
  return tell ? std::move(tell) : [](const std::string&) {};
}

} // namespace

caf::io::middleman_actor spawn_peer_network(caf::actor_system& system, const cluster_config& config,
                                            network_report tell) {
  return spawn_peer_middleman(system, identity_of(config), config.max_message_bytes + most_around_message,
                              heard_by(std::move(tell)));
}

} // namespace guardrails::actors
