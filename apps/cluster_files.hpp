// The options by which a command says who it is to nodes.
#pragma once

#include <guardrails/rails_config.hpp>

#include <CLI/CLI.hpp>

namespace guardrails::apps {

/// They take the place of what a configuration says.
inline void add_cluster_files(CLI::App& command, cluster_config& chosen) {
  auto* certificate =
    command.add_option("--tls-cert", chosen.tls.certificate, "Certificate of our own (PEM), for mutual TLS");
  auto* key = command.add_option("--tls-key", chosen.tls.key, "Its private key (PEM)");
  auto* authority = command.add_option("--tls-ca", chosen.tls.ca_file,
                                       "The authority that signs all nodes' certificates (PEM)");
  certificate->needs(key)->needs(authority);
  key->needs(certificate);
  authority->needs(certificate);
  command.add_option("--token-file", chosen.token_file, "File with the token that whoever joins must know");
}

inline void put_cluster_files(const cluster_config& chosen, cluster_config& into) {
  if (!chosen.tls.certificate.empty())
    into.tls = chosen.tls;
  if (!chosen.token_file.empty())
    into.token_file = chosen.token_file;
}

} // namespace guardrails::apps
