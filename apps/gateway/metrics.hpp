// What is counted, and Prometheus' text of it. Thread-safe, without a lock.
#pragma once

#include "apps/gateway/check_metrics.hpp"
#include "apps/gateway/histogram.hpp"
#include "apps/gateway/route.hpp"
#include "apps/gateway/upstream_metrics.hpp"

#include <guardrails/generation.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace guardrails::gateway {

class metrics {
public:
  void answered(route to, unsigned status) noexcept;
  void finished(const generation& result) noexcept;
  void blocked(block_reason reason) noexcept;

  /// Parts that others tell of themselves.
  check_metrics checks;
  upstream_metrics upstream;

  /// Gauges, kept by those who know.
  std::atomic<std::int64_t> in_flight{0};
  std::atomic<std::int64_t> connections{0};
  std::atomic<std::int64_t> body_bytes{0};
  std::atomic<std::uint64_t> connections_accepted{0};
  std::atomic<std::uint64_t> connections_refused{0};
  std::atomic<std::uint64_t> config_updates{0};
  std::atomic<std::uint64_t> config_failures{0};
  std::atomic<std::uint64_t> log_lines_dropped{0};
  std::atomic<std::uint64_t> spans_exported{0};
  std::atomic<std::uint64_t> spans_dropped{0};

  std::string to_text() const;

private:
  static constexpr std::array<unsigned, 20> statuses{200, 304, 400, 401, 403, 404, 405, 408, 411, 413,
                                                     417, 429, 431, 499, 500, 501, 502, 503, 504, 0};
  static constexpr std::size_t reason_count = static_cast<std::size_t>(block_reason::check_error) + 1;
  enum stage : std::size_t { queue, input_checks, llm, output_checks, total, stage_count };

  void append_requests(std::string& out) const;
  void append_generations(std::string& out) const;

  std::array<std::array<std::atomic<std::uint64_t>, statuses.size()>, route_count> requests_{};
  std::array<std::atomic<std::uint64_t>, reason_count> blocked_{};
  std::array<histogram<request_bounds>, stage_count> stages_{};
};

} // namespace guardrails::gateway
