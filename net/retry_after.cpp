// Reads Retry-After; dates are left to libcurl, which knows all three formats of HTTP.
#include "net/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <curl/curl.h>
#include <string>

namespace guardrails::net {
namespace {

constexpr std::chrono::milliseconds none{-1};
constexpr std::chrono::seconds longest = std::chrono::hours{24 * 365};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  return begin == text.npos ? std::string_view{}
                            : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::chrono::milliseconds from_seconds(std::string_view digits) {
  std::int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (end != digits.data() + digits.size())
    return none;
  if (problem == std::errc::result_out_of_range)
    return longest;
  return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, longest.count())};
}

} // namespace

std::chrono::milliseconds parse_retry_after(std::string_view value, std::time_t now) {
  value = trimmed(value);
  if (value.empty() || value.size() > 64 || value.find('\0') != value.npos)
    return none;
  if (value.front() >= '0' && value.front() <= '9')
    return from_seconds(value);
  // libcurl takes nearly anything for a date; HTTP's all begin with the name of a day.
  const bool letter = (value.front() | 0x20) >= 'a' && (value.front() | 0x20) <= 'z';
  const auto when = letter ? curl_getdate(std::string{value}.c_str(), nullptr) : -1;
  if (when < 0)
    return none;
  return std::chrono::seconds{std::clamp<std::int64_t>(when - now, 0, longest.count())};
}

} // namespace guardrails::net
