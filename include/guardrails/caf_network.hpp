// CAF's network in one spelling for every supported release, as caf.hpp is for its core.
#pragma once

#include <guardrails/caf.hpp>

#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/openssl/publish.hpp>

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

/// Certificate, key and authority as files (PEM); an empty certificate: no TLS.
struct caf_tls_files {
  std::string certificate;
  std::string key;
  std::string ca_file;
};

/// Lets actors of a system be reached from others. A connection on which nothing came for `silence` is
/// closed.
inline void load_network(caf::actor_system_config& config, caf::timespan heartbeat, caf::timespan silence,
                         const caf_tls_files& tls) {
#if GUARDRAILS_CAF_BEFORE(0, 18)
  config.set("middleman.heartbeat-interval", heartbeat);
  config.set("middleman.connection-timeout", silence);
#else
  config.set("caf.middleman.heartbeat-interval", heartbeat);
  config.set("caf.middleman.connection-timeout", silence);
#endif
  config.load<caf::io::middleman>();
  if (tls.certificate.empty())
    return;
#if GUARDRAILS_CAF_BEFORE(0, 18)
  config.openssl_certificate = tls.certificate;
  config.openssl_key = tls.key;
  config.openssl_cafile = tls.ca_file;
#else
  config.set("caf.openssl.certificate", tls.certificate);
  config.set("caf.openssl.key", tls.key);
  config.set("caf.openssl.cafile", tls.ca_file);
#endif
  config.load<caf::openssl::manager>();
}

/// What opens and makes connections: with TLS where the system has it.
inline caf::io::middleman_actor network_of(caf::actor_system& system) {
  return system.has_openssl_manager() ? system.openssl_manager().actor_handle()
                                      : system.middleman().actor_handle();
}

/// Lets others connect to `whom`, and gives the port, or 0 and `problem`. Blocks.
template <class Handle>
std::uint16_t publish(caf::actor_system& system, const Handle& whom, const std::string& host,
                      std::uint16_t port, std::string& problem) {
  auto opened = system.has_openssl_manager() ? caf::openssl::publish(whom, port, host.c_str(), true)
                                             : system.middleman().publish(whom, port, host.c_str(), true);
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
auto ask_network(Self* self, const std::string& host, std::uint16_t port, caf::timespan limit) {
  const auto network = network_of(self->system());
#if GUARDRAILS_CAF_BEFORE(0, 18)
  return self->request(network, limit, caf::connect_atom::value, host, port);
#elif GUARDRAILS_CAF_BEFORE(1, 0)
  return self->request(network, limit, caf::connect_atom_v, host, port);
#else
  return self->mail(caf::connect_atom_v, host, port).request(network, limit);
#endif
}

/// Null when what was found is something else.
template <class Handle>
Handle as_handle(caf::actor_system& system, const caf::strong_actor_ptr& found,
                 const std::set<std::string>& interface) {
  const bool fits = found && system.assignable(interface, system.message_types<Handle>());
  return fits ? caf::actor_cast<Handle>(found) : Handle{};
}

} // namespace compat

/// Connects to the actor that is published at `host` and `port`; `done` is called in the actor `self` with
/// its handle, or with none, after `limit` at the latest.
template <class Handle, class Self, class Done>
void connect(Self* self, const std::string& host, std::uint16_t port, caf::timespan limit, Done done) {
  compat::ask_network(self, host, port, limit)
    .then(
      [self, done](const caf::node_id&, const caf::strong_actor_ptr& found,
                   const std::set<std::string>& interface) {
        done(compat::as_handle<Handle>(self->system(), found, interface));
      },
      [done](const caf::error&) { done(Handle{}); });
}

/// The same for a thread, which waits.
template <class Handle>
Handle connect(caf::scoped_actor& self, const std::string& host, std::uint16_t port, caf::timespan limit) {
  Handle result;
  compat::ask_network(&*self, host, port, limit)
    .receive(
      [&](const caf::node_id&, const caf::strong_actor_ptr& found, const std::set<std::string>& interface) {
        result = compat::as_handle<Handle>(self->system(), found, interface);
      },
      [](const caf::error&) {});
  return result;
}

} // namespace guardrails
