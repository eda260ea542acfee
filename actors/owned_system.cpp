// An actor system of our own, with CAF's network where it is wanted.
#include "actors/owned_system.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace guardrails::actors {

namespace {

std::size_t count_threads(const runtime_options& options) {
  return options.threads != 0 ? options.threads : std::max(std::thread::hardware_concurrency(), 1u);
}

// A connection on which nothing comes is given up later than its node, lest a short silence costs it.
caf::timespan silence_of(const cluster_config& config) {
  return std::max<caf::timespan>(10 * config.heartbeat, std::chrono::seconds{5});
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
    settings_.own_network = spawn_peer_network(system_, *network, std::move(tell));
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
