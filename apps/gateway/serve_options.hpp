// What `guardrails serve` can be told about its connections.
#pragma once

#include "apps/gateway/tls_identity.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace guardrails::gateway {

struct connection_limits {
  std::uint32_t header_bytes = 8192;
  std::uint64_t body_bytes = 4u << 20;
  std::int64_t all_body_bytes = 256 << 20;       ///< of all requests under way, but the first 16 KiB of each
  std::chrono::milliseconds header_time{10'000}; ///< from a request's first byte to the end of its header
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds idle_time{60'000};  ///< between requests
  std::chrono::milliseconds write_time{30'000}; ///< until the client has taken an answer
};

struct listen_address {
  std::string host;
  std::uint16_t port = 0; ///< 0 lets the system choose
};

struct listen_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080; ///< 0 lets the system choose
  std::uint32_t threads = 1;
  std::uint32_t max_connections = 10'000;
  std::chrono::milliseconds drain_time{30'000}; ///< after SIGTERM, for what is under way
  connection_limits limits;
  std::optional<tls_files> tls;          ///< absent: plain
  std::optional<listen_address> admin{}; ///< where administration is; absent: with everything else
};

} // namespace guardrails::gateway
