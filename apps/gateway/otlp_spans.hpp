// What OpenTelemetry is told of a request: one server span with its stages as children, in OTLP's JSON.
// Nothing of texts is in it.
#pragma once

#include "apps/gateway/route.hpp"

#include <guardrails/generation.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::gateway {

/// One answered request.
struct request_span {
  std::string trace_id;  ///< 32 hexadecimal digits
  std::string span_id;   ///< 16
  std::string parent_id; ///< 16; empty: the trace begins here
  std::string request_id;
  std::string method;
  route to = route::none;
  unsigned status = 0;
  std::chrono::system_clock::time_point begin;
  std::chrono::microseconds duration{0};
  std::string config_version; ///< empty: nothing was judged
  std::string model;          ///< empty: none answered
  std::optional<block_reason> blocked;
  stage_timings timings; ///< a stage of zero was not reached
};

/// An ExportTraceServiceRequest. The stages follow each other from the end of `timings.queue` on: their order
/// and their durations are those of the request, what they waited for in between is not known apart.
std::string encode_spans(std::span<const request_span> requests, std::string_view version);

} // namespace guardrails::gateway
