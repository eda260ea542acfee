// Says what may stand in a header, and writes it.
#include "llm/trace_headers.hpp"

#include <algorithm>

namespace guardrails::llm {
namespace {

constexpr std::size_t longest_request_id = 128;

bool is_hex(std::string_view text) noexcept {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Hexadecimal, and not all zero.
bool is_id(std::string_view text) noexcept {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

bool is_request_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_request_id &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

} // namespace

bool is_traceparent(std::string_view text) noexcept {
  return text.size() == 55 && text.starts_with("00-") && text[35] == '-' && text[52] == '-' &&
         is_id(text.substr(3, 32)) && is_id(text.substr(36, 16)) && is_hex(text.substr(53));
}

void append_trace_headers(std::vector<std::string>& headers, std::string_view request_id,
                          std::string_view traceparent) {
  if (is_request_id(request_id))
    headers.push_back(std::string{"x-request-id: "}.append(request_id));
  if (is_traceparent(traceparent))
    headers.push_back(std::string{"traceparent: "}.append(traceparent));
}

} // namespace guardrails::llm
