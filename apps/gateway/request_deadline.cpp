#include "apps/gateway/request_deadline.hpp"

#include "apps/gateway/api_error.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace guardrails::gateway {

std::optional<std::chrono::milliseconds> read_deadline(std::string_view text) {
  if (text.empty())
    return std::chrono::milliseconds{0};
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stop != end || value < 1 || value > longest_deadline.count())
    return std::nullopt;
  return std::chrono::milliseconds{value};
}

reply wrong_deadline() {
  return reply_of(bad_request("Expected milliseconds from 1 to 3600000.", "x-guardrails-deadline-ms"));
}

} // namespace guardrails::gateway
