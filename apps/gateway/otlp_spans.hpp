// Requests as spans of OpenTelemetry, in OTLP's JSON. Nothing of what was said is in them.
#pragma once

#include <guardrails/generation.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::gateway {

/// As OTLP numbers them.
enum class span_kind : std::uint8_t { internal = 1, server = 2, client = 3 };

/// One stage of a generation, a child of its request.
struct stage_span {
  std::string_view name;
  span_kind kind = span_kind::internal;
  std::string span_id;
  std::chrono::microseconds after{0}; ///< from the request's begin
  std::chrono::microseconds duration{0};
};

struct request_span {
  std::string trace_id;   ///< 32 hexadecimal digits
  std::string span_id;    ///< 16
  std::string parent_id;  ///< 16; empty: the trace begins here
  std::string method;     ///< as the client wrote it
  std::string_view route; ///< the path of the page; empty: there is none
  unsigned status = 0;    ///< of HTTP
  std::string request_id;
  std::string config_version; ///< empty: nothing was judged
  std::optional<block_reason> blocked;
  std::string model; ///< empty: none was asked
  std::chrono::system_clock::time_point begin;
  std::chrono::microseconds duration{0};
  std::vector<stage_span> stages{};
};

/// The stages that took any time, laid end to end from `after` on and cut off at `limit`: how long each took
/// was measured, when it began was not.
std::vector<stage_span> stages_of(const stage_timings& timings, std::chrono::microseconds after,
                                  std::chrono::microseconds limit);

/// Spans, not requests.
std::size_t count_spans(std::span<const request_span> requests) noexcept;

/// The body of one export.
std::string encode_spans(std::span<const request_span> requests, std::string_view service);

} // namespace guardrails::gateway
