// CAF's network in one spelling for every supported release, as caf.hpp is for its core.
#pragma once

#include <guardrails/caf.hpp>

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace guardrails {

/// `0.17`: nodes understand one another when this is the same. From 1.0 on minor releases do.
inline std::string caf_family() {
  return GUARDRAILS_CAF_BEFORE(1, 0)
           ? std::to_string(CAF_MAJOR_VERSION) + "." + std::to_string(CAF_MINOR_VERSION)
           : std::to_string(CAF_MAJOR_VERSION);
}

/// Of a system with a network of its own in place of CAF's.
struct network_config : caf::actor_system_config {
  caf::io::middleman_actor own_network;
  bool own_has_tls = false;
};

/// Lets actors of a system be reached from others. A connection on which nothing came for `silence` is
/// closed.
inline void load_network(caf::actor_system_config& config, caf::timespan heartbeat, caf::timespan silence) {
#if GUARDRAILS_CAF_BEFORE(0, 18)
  config.set("middleman.heartbeat-interval", heartbeat);
  config.set("middleman.connection-timeout", silence);
#else
  config.set("caf.middleman.heartbeat-interval", heartbeat);
  config.set("caf.middleman.connection-timeout", silence);
#endif
  config.load<caf::io::middleman>();
}

/// Null: CAF's own, which never meets nodes.
inline caf::io::middleman_actor own_network_of(caf::actor_system& system) {
  const auto* config = dynamic_cast<const network_config*>(&system.config());
  return config ? config->own_network : caf::io::middleman_actor{};
}

/// What opens and makes connections.
inline caf::io::middleman_actor network_of(caf::actor_system& system) {
  if (auto own = own_network_of(system))
    return own;
  return system.has_openssl_manager() ? system.openssl_manager().actor_handle()
                                      : system.middleman().actor_handle();
}

inline bool has_tls(caf::actor_system& system) {
  const auto* config = dynamic_cast<const network_config*>(&system.config());
  return config && config->own_has_tls;
}

/// CAF's broker of its protocol between systems.
inline caf::actor protocol_broker_of(caf::actor_system& system) {
#if GUARDRAILS_CAF_BEFORE(0, 18)
  return system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
#else
  return system.middleman().named_broker<caf::io::basp_broker>("BASP");
#endif
}

/// Lets others connect to `whom`, and gives the port, or 0 and `problem`. Blocks.
template <class Handle>
std::uint16_t publish(caf::actor_system& system, const Handle& whom, const std::string& host,
                      std::uint16_t port, std::string& problem) {
#if GUARDRAILS_CAF_BEFORE(0, 18)
  constexpr auto verb = caf::publish_atom::value;
#else
  constexpr auto verb = caf::publish_atom_v;
#endif
  caf::expected<std::uint16_t> opened{caf::error{}};
  const auto take = [&](std::uint16_t found) { opened = found; };
  const auto refuse = [&](caf::error& why) { opened = std::move(why); };
  const auto actor = caf::actor_cast<caf::strong_actor_ptr>(whom);
  caf::scoped_actor self{system};
#if GUARDRAILS_CAF_BEFORE(1, 0)
  self->request(network_of(system), caf::infinite, verb, port, actor, system.message_types(whom), host, true)
    .receive(take, refuse);
#else
  self->mail(verb, port, actor, system.message_types(whom), host, true)
    .request(network_of(system), caf::infinite)
    .receive(take, refuse);
#endif
  if (opened)
    return *opened;
#if GUARDRAILS_CAF_BEFORE(0, 18)
  problem = system.render(opened.error());
#else
  problem = caf::to_string(opened.error());
#endif
  return 0;
}

namespace compat {

template <class Self>
auto ask_network(Self* self, const caf::io::middleman_actor& network, const std::string& host,
                 std::uint16_t port, caf::timespan limit) {
#if GUARDRAILS_CAF_BEFORE(0, 18)
  return self->request(network, limit, caf::connect_atom::value, host, port);
#elif GUARDRAILS_CAF_BEFORE(1, 0)
  return self->request(network, limit, caf::connect_atom_v, host, port);
#else
  return self->mail(caf::connect_atom_v, host, port).request(network, limit);
#endif
}

inline constexpr const char* not_what_was_asked_for = "it has other messages than ours";

/// Null when what was found is something else.
template <class Handle>
Handle as_handle(caf::actor_system& system, const caf::strong_actor_ptr& found,
                 const std::set<std::string>& interface) {
  const bool fits = found && system.assignable(interface, system.message_types<Handle>());
  return fits ? caf::actor_cast<Handle>(found) : Handle{};
}

} // namespace compat

/// Why a network did not connect, in its own words where it has some.
inline std::string words_of(const caf::error& problem) {
  const auto& said = problem.context();
  return !said.empty() && said.match_element<std::string>(0) ? said.get_as<std::string>(0)
                                                             : "it does not answer";
}

/// Connects over `network` to the actor that is published at `host` and `port`; `done` is called in the actor
/// `self` with its handle, or with none and the reason, after `limit` at the latest.
template <class Handle, class Self, class Done>
void connect(Self* self, const caf::io::middleman_actor& network, const std::string& host, std::uint16_t port,
             caf::timespan limit, Done done) {
  compat::ask_network(self, network, host, port, limit)
    .then(
      [self, done](const caf::node_id&, const caf::strong_actor_ptr& found,
                   const std::set<std::string>& interface) {
        done(compat::as_handle<Handle>(self->system(), found, interface), compat::not_what_was_asked_for);
      },
      [done](const caf::error& problem) { done(Handle{}, words_of(problem)); });
}

/// The same for a thread, which waits.
template <class Handle>
Handle connect(caf::scoped_actor& self, const std::string& host, std::uint16_t port, caf::timespan limit,
               std::string& problem) {
  Handle result;
  compat::ask_network(&*self, network_of(self->system()), host, port, limit)
    .receive(
      [&](const caf::node_id&, const caf::strong_actor_ptr& found, const std::set<std::string>& interface) {
        result = compat::as_handle<Handle>(self->system(), found, interface);
        problem = result ? "" : compat::not_what_was_asked_for;
      },
      [&](const caf::error& why) { problem = words_of(why); });
  return result;
}

/// Whether the message that an actor handles was sent in this process. A peer may name any sender, also none,
/// or an actor of ours that it knows.
template <class Self>
bool is_from_here(Self* self) {
  auto& system = self->system();
  if (!system.has_middleman())
    return true;
  const auto& sender = self->current_sender();
#if GUARDRAILS_CAF_BEFORE(0, 18)
  // What is sent here lies in its mailbox element itself; what was on a wire, and responses, lie behind it.
  if (dynamic_cast<const caf::type_erased_tuple*>(self->current_mailbox_element()) != nullptr)
    return true;
  return sender && sender->node() == system.node() && !system.registry().get(sender->id());
#else
  return !sender || sender->node() == system.node();
#endif
}

} // namespace guardrails
