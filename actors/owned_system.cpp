// An actor system of our own, with CAF's network where it is wanted.
#include "actors/owned_system.hpp"

#include "actors/handshake.hpp"
#include "actors/peer_middleman.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace guardrails::actors {

namespace {

// Answers and configurations are not bounded by the length of requests.
constexpr std::uint64_t most_around_message = 64u << 20;

std::size_t count_threads(const runtime_options& options) {
  return options.threads != 0 ? options.threads : std::max(std::thread::hardware_concurrency(), 1u);
}

// A connection on which nothing comes is given up later than its node, lest a short silence costs it.
caf::timespan silence_of(const cluster_config& config) {
  return std::max<caf::timespan>(10 * config.heartbeat, std::chrono::seconds{5});
}

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

std::size_t count_lanes(const runtime_options& options) {
  return options.lanes != 0 ? options.lanes : 2 * count_threads(options);
}

std::size_t count_fronts(const runtime_options& options) {
  return std::min(count_threads(options), count_lanes(options));
}

owned_system::settings::settings(const runtime_options& options, const cluster_config* network) {
  enlist_types(*this);
  set_scheduler(*this, count_threads(options), options.policy);
  if (network)
    load_network(*this, network->heartbeat, silence_of(*network));
}

owned_system::owned_system(const runtime_options& options, const cluster_config* network, network_report tell)
  : settings_{options, network}
  , system_{settings_} {
  if (network) {
    settings_.own_has_tls = !network->tls.certificate.empty();
    settings_.own_network =
      spawn_peer_middleman(system_, identity_of(*network), network->max_message_bytes + most_around_message,
                           heard_by(std::move(tell)));
  }
}

owned_system::~owned_system() {
  if (settings_.own_network)
    post_exit(std::exchange(settings_.own_network, nullptr), caf::exit_reason::user_shutdown);
}

std::unique_ptr<owned_system> start_system(const runtime_options& options, const cluster_config* network,
                                           network_report tell) {
  announce_types();
  return std::make_unique<owned_system>(options, network, std::move(tell));
}

} // namespace guardrails::actors
