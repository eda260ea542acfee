// What the mock upstream counts, and keeps of requests, from all of its threads.
#pragma once

#include "apps/mock_llm/mock_llm_last_names.hpp"
#include "apps/mock_llm/mock_llm_repeats.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace guardrails::mock_llm {

/// The last request that was not about statistics, with `--record`.
class last_request {
public:
  void keep(std::string_view body) {
    const std::lock_guard guard{mutex_};
    body_ = body;
  }

  std::string body() {
    const std::lock_guard guard{mutex_};
    return body_;
  }

private:
  std::mutex mutex_;
  std::string body_;
};

/// What GET /stats reports. A connection counts from its first request that is not about statistics.
struct counters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> moderated_texts{0};
  std::atomic<std::int64_t> open_connections{0};
  std::atomic<std::int64_t> peak_connections{0};
  std::atomic<std::uint64_t> accepted_connections{0};
  std::atomic<std::uint64_t> cancelled{0};
  last_request last;
  repeated_texts repeats; ///< of chat requests, with `--record`
  last_names names{};     ///< of chat requests; what GET /stats/names reports

  void opened() {
    const auto open = ++open_connections;
    ++accepted_connections;
    auto peak = peak_connections.load();
    while (peak < open && !peak_connections.compare_exchange_weak(peak, open))
      ;
  }

  void reset() {
    requests = moderated_texts = accepted_connections = cancelled = 0;
    peak_connections = open_connections.load();
    repeats.reset();
  }

  std::string to_json() const {
    return R"({"requests":)" + std::to_string(requests) + R"(,"open_connections":)" +
           std::to_string(open_connections) + R"(,"peak_connections":)" + std::to_string(peak_connections) +
           R"(,"accepted_connections":)" + std::to_string(accepted_connections) + R"(,"cancelled":)" +
           std::to_string(cancelled) + R"(,"moderated_texts":)" + std::to_string(moderated_texts) +
           R"(,"repeated":)" + std::to_string(repeats.count()) + "}";
  }
};

} // namespace guardrails::mock_llm
