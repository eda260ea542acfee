// The mock upstream's HTTP side; the one place of the mock that knows sockets.
#pragma once

#include "apps/mock_llm/mock_llm_options.hpp"

#include <cstdint>
#include <memory>

namespace guardrails::mock_llm {

/// Serves chats (`POST /v1/chat/completions`, or where options::api has them), `POST /v1/moderations`, `GET
/// /v1/models`, `GET /stats` and `POST /stats/reset`.
class server {
public:
  /// Listens. Throws std::runtime_error when the address cannot be bound.
  explicit server(options how);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const;

  /// Serves until SIGTERM or SIGINT.
  void run();

private:
  class state;
  std::unique_ptr<state> state_;
};

} // namespace guardrails::mock_llm
