// rails_node: a house whose fronts take guests, and the door that lets them in.
#include <guardrails/rails_node.hpp>

#include "actors/handshake.hpp"
#include "actors/node_door.hpp"
#include "actors/owned_system.hpp"
#include "actors/system.hpp"

#include <guardrails/caf_network.hpp>

#include <stdexcept>
#include <utility>

namespace guardrails {

struct rails_node::runtime {
  runtime(const rails_config& config, const node_options& options)
    : policy{actors::compile(config)}
    , identity{actors::node_identity::own(
        config.cluster.token_file.empty() ? std::string{} : actors::read_token(config.cluster.token_file))}
    , owned{actors::start_system(options.runtime, &config.cluster, options.report)}
    , house{owned->get(), policy, actors::count_lanes(options.runtime), &actors::build_chain,
            actors::count_fronts(options.runtime)}
    , door{spawn<actors::node_door>(owned->get(), house.present(),
                                    actors::node_offer{house.fronts(), actors::count_lanes(options.runtime),
                                                       house.gate(), house.guests(), identity, options.report,
                                                       options.closed})} {
    std::string problem;
    port = publish(owned->get(), door, options.host, options.port, problem);
    forget_actor_system(); // so that any thread may end the runtime
    if (port == 0) {
      post_exit(door, caf::exit_reason::user_shutdown);
      throw std::runtime_error{"cannot listen on " + options.host + ":" + std::to_string(options.port) +
                               ": " + problem};
    }
  }

  ~runtime() { post_exit(door, caf::exit_reason::user_shutdown); }

  policy_ref policy;
  actors::node_identity identity;
  std::unique_ptr<actors::owned_system> owned;
  actors::house house;
  node_actor door;
  std::uint16_t port = 0;
};

rails_node::rails_node(const rails_config& config, const node_options& options)
  : runtime_{std::make_unique<runtime>(config, options)} {}

rails_node::~rails_node() = default;

std::uint16_t rails_node::port() const noexcept {
  return runtime_->port;
}

std::size_t rails_node::in_flight() const noexcept {
  return runtime_->house.gate()->in_flight();
}

void rails_node::drain() {
  post(runtime_->door, node_drain{});
}

} // namespace guardrails
