// Amazon's Signature Version 4 of a request in headers, as pure functions: the time is an argument.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guardrails::llm {

struct sigv4_signer {
  std::string_view access_key;
  std::string_view secret_key;
  std::string_view region;
  std::string_view service;
};

/// What is signed.
struct sigv4_request {
  std::string_view method = "POST";
  std::string_view path;    ///< as it is sent, encoded once
  std::string_view query{}; ///< as it is sent, without `?`
  /// All that are signed: names in small letters; the same name may come more than once.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string_view body{};
};

/// `20150830T123600Z`, for the header `x-amz-date`.
std::string sigv4_timestamp(std::chrono::system_clock::time_point now);

/// The request in the form of which the hash is signed.
std::string sigv4_canonical_request(const sigv4_request& request);

/// 64 hexadecimal digits.
std::string sigv4_signature(const sigv4_signer& signer, const sigv4_request& request,
                            std::string_view timestamp);

/// The value of the header `Authorization`.
std::string sigv4_authorization(const sigv4_signer& signer, const sigv4_request& request,
                                std::chrono::system_clock::time_point now);

// -- parts of an address

/// What the header `Host` says for `url`: the host, and the port where it is not the scheme's own.
std::string_view host_header_of(std::string_view url);

/// From the first slash behind the host to a query.
std::string_view path_of(std::string_view url);

} // namespace guardrails::llm
