// Names of requests: our own, and W3C's trace context.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace guardrails::gateway {

/// A `traceparent` of version 00.
struct trace_context {
  std::string trace_id; ///< 32 hexadecimal digits, not all zero
  std::string span_id;  ///< 16, likewise
  std::string flags;    ///< 2
};

/// Nothing where the header is not well-formed.
std::optional<trace_context> read_traceparent(std::string_view header);

/// Whether whoever began the trace records it.
bool is_sampled(const trace_context& trace) noexcept;

std::string to_header(const trace_context& trace);

/// Random lower-case hexadecimal digits, not all zero.
std::string random_hex(std::size_t digits);

/// Whether a client's name for its request can be taken: 1 to 128 letters, digits, `-`, `_`, `.`.
bool is_request_id(std::string_view text) noexcept;

} // namespace guardrails::gateway
