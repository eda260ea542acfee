// Headers by which the model's request is found in logs and traces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace guardrails::llm {

/// Whether `text` is a `traceparent` of version 00.
bool is_traceparent(std::string_view text) noexcept;

/// Appends `x-request-id` and `traceparent`. What is not fit for a header is left out: a name of up to 128
/// visible ASCII characters, a well-formed trace context.
void append_trace_headers(std::vector<std::string>& headers, std::string_view request_id,
                          std::string_view traceparent);

} // namespace guardrails::llm
