// Lends HTTP clients to LLM clients and takes them back: a chain that dies leaves its I/O thread and
// connections to the next one, and no actor ever waits for a thread to end.
#pragma once

#include "net/http_client.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace guardrails::actors {

class transport_pool {
public:
  std::unique_ptr<net::http_client> take() {
    std::lock_guard guard{mutex_};
    if (idle_.empty())
      return std::make_unique<net::http_client>(largest_pool);
    auto client = std::move(idle_.back());
    idle_.pop_back();
    return client;
  }

  void give_back(std::unique_ptr<net::http_client> client) {
    client->reset({});
    std::lock_guard guard{mutex_};
    idle_.push_back(std::move(client));
  }

private:
  // What a configuration may ask for at most; the LLM clients hold each configuration to its own figure.
  static constexpr std::uint32_t largest_pool = 4096;

  std::mutex mutex_;
  std::vector<std::unique_ptr<net::http_client>> idle_;
};

} // namespace guardrails::actors
