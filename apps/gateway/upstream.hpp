// The model's server, asked for what is no generation.
#pragma once

#include "net/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace guardrails::gateway {

/// Thread-safe.
class upstream {
public:
  static constexpr std::uint32_t most_open = 64; ///< requests at a time

  upstream();
  ~upstream();
  upstream(const upstream&) = delete;
  upstream& operator=(const upstream&) = delete;

  /// A ticket for one request; 0: too many are under way.
  std::uint64_t reserve_ticket();

  /// Waits for the answer on the coroutine's own executor. Every request ends, by its timeout at the latest.
  boost::asio::awaitable<net::http_response> ask(std::uint64_t ticket, net::http_request request);

  void cancel(std::uint64_t ticket);

  /// Answers what is under way as cancelled.
  void stop();

private:
  using receiver = std::function<void(net::http_response)>;

  void receive(net::http_response response);

  std::mutex mutex_;
  std::unordered_map<std::uint64_t, receiver> open_; // by ticket; a reserved one has no receiver yet
  std::uint64_t last_ticket_ = 0;
  std::unique_ptr<net::http_client> client_; // last: its thread uses what stands above
};

} // namespace guardrails::gateway
