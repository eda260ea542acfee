// The address of an HTTP server that a load test is aimed at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::load {

struct http_url {
  std::string host; ///< without the brackets of an IPv6 address
  std::uint16_t port = 80;
  std::string path; ///< with the query

  /// For the Host header.
  std::string authority() const;

  /// For reports: without the query, which may hold a key.
  std::string shown() const;
};

/// `http://HOST[:PORT][/PATH]`; without a path, that of chat completions. Nothing: not such an address.
std::optional<http_url> parse_http_url(std::string_view url);

} // namespace guardrails::load
