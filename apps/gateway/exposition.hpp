// Prometheus' text format, line by line. Labels are as `stage="llm",le="1"`; their values are our own words,
// so that nothing needs escaping.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::gateway {

void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help);

void append_sample(std::string& out, std::string_view name, std::string_view labels, std::string_view value);

/// One label: `name="value"`.
std::string label(std::string_view name, std::string_view value);

/// `counts` has one more than `bounds`, for what is beyond them; bounds and sum are microseconds.
void append_histogram(std::string& out, std::string_view name, std::string_view labels,
                      std::span<const std::uint64_t> bounds, std::span<const std::uint64_t> counts,
                      std::uint64_t sum);

} // namespace guardrails::gateway
