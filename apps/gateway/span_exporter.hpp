// Sends spans to a collector. One that is slow, down or unwilling loses spans, never holds up an answer.
#pragma once

#include "apps/gateway/metrics.hpp"
#include "apps/gateway/otlp_spans.hpp"
#include "net/http_client.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace guardrails::gateway {

struct export_options {
  std::string url;                    ///< of the collector's page for traces
  std::string service = "guardrails"; ///< `service.name`
  std::size_t most_waiting = 8192;    ///< requests; more are dropped and counted
  std::size_t most_in_batch = 512;    ///< requests in one export
  std::chrono::milliseconds gather_time{1000};
  std::chrono::milliseconds export_time{10'000};
  std::chrono::milliseconds first_pause{1000}; ///< before a batch is sent again; doubles
  std::uint32_t most_attempts = 4;
  std::chrono::milliseconds end_time{5000}; ///< for what waits at the end
};

/// Where spans go: the option's value, else the environment's, as OpenTelemetry names it
/// (`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` + `/v1/traces`); empty: nowhere.
std::string endpoint_of(std::string_view option, std::string_view traces_endpoint, std::string_view endpoint);

/// Thread-safe. One batch at a time is on its way.
class span_exporter {
public:
  span_exporter(export_options options, metrics& counts);
  ~span_exporter(); ///< sends what waits, within the end's time
  span_exporter(const span_exporter&) = delete;
  span_exporter& operator=(const span_exporter&) = delete;

  void add(request_span request);

private:
  using clock = std::chrono::steady_clock;

  void run();
  std::vector<request_span> take_batch(std::unique_lock<std::mutex>& lock);
  void deliver(std::span<const request_span> batch);
  bool send(const std::string& body);
  std::optional<net::http_response> exchange(const std::string& body);
  bool pause(std::chrono::milliseconds time);

  export_options options_;
  metrics& counts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<request_span> waiting_;
  std::optional<net::http_response> answer_; // to the batch on its way
  std::uint64_t ticket_ = 0;                 // of that batch
  bool ended_ = false;
  clock::time_point end_by_{};
  net::http_client client_{1};
  std::thread sender_;
};

} // namespace guardrails::gateway
