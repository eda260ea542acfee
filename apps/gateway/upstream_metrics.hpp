// What is counted of the model behind the gateway.
#pragma once

#include "apps/gateway/histogram.hpp"

#include <guardrails/generation.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace guardrails::gateway {

/// Thread-safe, without a lock.
class upstream_metrics {
public:
  /// A generation that asked the model, or could not.
  void finished(const generation& result) noexcept;

  /// A stream showed its first text after `wait`.
  void first_text(std::chrono::microseconds wait) noexcept { first_text_.add(wait); }

  void append_to(std::string& out) const;

private:
  /// Kinds of generation_error; others count as the last.
  static constexpr std::array<std::string_view, 17> kinds{
    "http_status",        "provider_error", "invalid_json",   "no_choices",        "no_content",
    "content_filter",     "broken_stream",  "too_large",      "cut_off",           "timeout",
    "response_too_large", "tls_failed",     "connect_failed", "connection_broken", "stage_lost",
    "node_lost",          "other"};

  histogram<request_bounds> times_;
  histogram<request_bounds> first_text_;
  std::array<std::atomic<std::uint64_t>, kinds.size()> errors_{};
};

} // namespace guardrails::gateway
