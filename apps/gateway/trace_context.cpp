// Reads and writes trace contexts.
#include "apps/gateway/trace_context.hpp"

#include "llm/trace_headers.hpp"

#include <algorithm>
#include <random>

namespace guardrails::gateway {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_hex(std::string_view text) noexcept {
  return text.find_first_not_of(hex_digits) == std::string_view::npos;
}

} // namespace

std::optional<trace_context> read_traceparent(std::string_view header) {
  // 00-<32>-<16>-<2>; versions to come may add members behind these.
  if (header.size() < 55)
    return std::nullopt;
  const auto version = header.substr(0, 2);
  if (!is_hex(version) || version == "ff" || (version == "00" && header.size() != 55) ||
      (header.size() > 55 && header[55] != '-'))
    return std::nullopt;
  if (!llm::is_traceparent(std::string{"00"}.append(header.substr(2, 53))))
    return std::nullopt;
  return trace_context{std::string{header.substr(3, 32)}, std::string{header.substr(36, 16)},
                       std::string{header.substr(53, 2)}};
}

bool is_sampled(const trace_context& trace) noexcept {
  return hex_digits.find(trace.flags.back()) % 2 == 1;
}

std::string to_header(const trace_context& trace) {
  std::string header{"00-"};
  return header.append(trace.trace_id).append("-").append(trace.span_id).append("-").append(trace.flags);
}

std::string random_hex(std::size_t digits) {
  thread_local std::mt19937_64 source{std::random_device{}()};
  std::string text(digits, '0');
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    bits = i % 16 == 0 ? source() : bits >> 4;
    text[i] = hex_digits[bits & 15];
  }
  if (text.find_first_not_of('0') == text.npos && digits > 0)
    text.back() = '1';
  return text;
}

bool is_request_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

} // namespace guardrails::gateway
