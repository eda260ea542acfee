// Sends spans to an OpenTelemetry collector from a thread of its own. A collector that is slow or away costs
// spans, never time of a request.
#pragma once

#include "apps/gateway/metrics.hpp"
#include "apps/gateway/otlp_spans.hpp"
#include "net/http_client.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace guardrails::gateway {

/// Thread-safe.
class otlp_exporter {
public:
  /// `endpoint` is the whole address, as `http://127.0.0.1:4318/v1/traces`.
  otlp_exporter(std::string endpoint, metrics& counts);

  /// Sends what waits, for two seconds at most.
  ~otlp_exporter();
  otlp_exporter(const otlp_exporter&) = delete;
  otlp_exporter& operator=(const otlp_exporter&) = delete;

  /// Takes the span, or drops it and counts that.
  void add(request_span span);

private:
  using clock = std::chrono::steady_clock;

  static constexpr std::size_t most_waiting = 4096;
  static constexpr std::size_t batch_size = 512;
  static constexpr std::chrono::milliseconds batch_time{1000};
  static constexpr std::chrono::milliseconds send_time{5000};
  static constexpr std::chrono::milliseconds flush_time{2000};

  void run();
  std::vector<request_span> take_batch();
  void send(net::http_client& client, std::uint64_t ticket, const std::vector<request_span>& batch) const;
  bool await_answer(std::unique_lock<std::mutex>& lock, std::uint64_t ticket);
  void receive(const net::http_response& response);

  const std::string endpoint_;
  metrics& counts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<request_span> waiting_;
  std::uint64_t answered_ = 0; // the last ticket that was
  bool accepted_ = false;      // its spans were
  bool ended_ = false;
  clock::time_point give_up_at_{};
  std::thread sender_;
};

} // namespace guardrails::gateway
