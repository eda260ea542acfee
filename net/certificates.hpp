// Certificates of a small authority: makes them for nodes that have none, and reads what others made.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::net {

struct validity {
  std::chrono::sys_seconds from;
  std::chrono::sys_seconds until;
};

/// A certificate and its private key, both in PEM.
struct certified_key {
  std::string certificate;
  std::string key;
};

/// An authority that signs itself, with a key on P-256. Throws std::runtime_error where OpenSSL fails.
certified_key make_authority(std::string_view name, validity valid);

/// A certificate for a node, which is a client to some and a server to others, signed by `authority`; it ends
/// no later than the authority's. Its alternative names are `name` and `hosts`: host names and addresses.
/// Throws std::invalid_argument for a name that is none or an authority that cannot sign, std::runtime_error
/// where OpenSSL fails.
certified_key make_node(const certified_key& authority, std::string_view name,
                        std::span<const std::string> hosts, validity valid);

/// What a certificate says; what its maker wrote into names is escaped, so that all is printable ASCII.
struct certificate_facts {
  std::string subject; ///< as in RFC 2253
  std::string issuer;
  std::vector<std::string> names; ///< `DNS:…`, `IP:…`
  validity valid;
  std::string fingerprint; ///< SHA-256, as `AB:CD:…`
  bool authority = false;
};

/// The certificates of a file in PEM, in their order. Throws std::invalid_argument where there is none, or
/// where one cannot be read.
std::vector<certificate_facts> read_certificates(std::string_view pem);

} // namespace guardrails::net
