// "Create a signed AWS API request" of the IAM User Guide, step by step.
#include "llm/sigv4.hpp"

#include "llm/percent_encoding.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <stdexcept>

namespace guardrails::llm {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error{"SHA-256 is not available"};
  return hex_of({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> digest{};
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           nullptr) == nullptr)
    throw std::runtime_error{"HMAC-SHA-256 is not available"};
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Without blanks at the ends, and with one where there were more.
std::string squeezed(std::string_view value) {
  std::string out;
  for (const auto c : value)
    if (c != ' ' || (!out.empty() && out.back() != ' '))
      out += c;
  if (out.ends_with(' '))
    out.pop_back();
  return out;
}

/// By name, in order; values of one name are joined.
std::map<std::string, std::string> merged(const sigv4_request& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) {
    auto& to = headers[name];
    to.append(to.empty() ? "" : ",").append(squeezed(value));
  }
  return headers;
}

std::string names_of(const sigv4_request& request) {
  std::string names;
  for (const auto& [name, value] : merged(request))
    names.append(names.empty() ? "" : ";").append(name);
  return names;
}

std::string sorted_query(std::string_view query) {
  std::vector<std::string> pairs;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    if (!pair.empty())
      pairs.push_back(std::string{pair} + (pair.find('=') == pair.npos ? "=" : ""));
    query = end == query.npos ? std::string_view{} : query.substr(end + 1);
  }
  std::ranges::sort(pairs);
  std::string out;
  for (const auto& pair : pairs)
    out.append(out.empty() ? "" : "&").append(pair);
  return out;
}

std::string scope_of(const sigv4_signer& signer, std::string_view timestamp) {
  std::string scope{timestamp.substr(0, 8)};
  return scope.append("/").append(signer.region).append("/").append(signer.service).append("/aws4_request");
}

std::size_t begin_of_host(std::string_view url) {
  const auto scheme = url.find("://");
  return scheme == url.npos ? 0 : scheme + 3;
}

} // namespace

std::string sigv4_timestamp(std::chrono::system_clock::time_point now) {
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 20> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts)};
}

std::string sigv4_canonical_request(const sigv4_request& request) {
  std::string text{request.method};
  // The path is encoded once more, as with all services but S3.
  text.append("\n").append(request.path.empty() ? "/" : percent_encoded(request.path, "/"));
  text.append("\n").append(sorted_query(request.query)).append("\n");
  for (const auto& [name, value] : merged(request))
    text.append(name).append(":").append(value).append("\n");
  return text.append("\n").append(names_of(request)).append("\n").append(sha256(request.body));
}

std::string sigv4_signature(const sigv4_signer& signer, const sigv4_request& request,
                            std::string_view timestamp) {
  std::string text{algorithm};
  text.append("\n").append(timestamp).append("\n").append(scope_of(signer, timestamp)).append("\n");
  text.append(sha256(sigv4_canonical_request(request)));
  auto key = hmac("AWS4" + std::string{signer.secret_key}, timestamp.substr(0, 8));
  for (const auto part : {signer.region, signer.service, std::string_view{"aws4_request"}})
    key = hmac(key, part);
  return hex_of(hmac(key, text));
}

std::string sigv4_authorization(const sigv4_signer& signer, const sigv4_request& request,
                                std::chrono::system_clock::time_point now) {
  const auto timestamp = sigv4_timestamp(now);
  std::string text{algorithm};
  text.append(" Credential=").append(signer.access_key).append("/").append(scope_of(signer, timestamp));
  text.append(", SignedHeaders=").append(names_of(request));
  return text.append(", Signature=").append(sigv4_signature(signer, request, timestamp));
}

std::string_view host_header_of(std::string_view url) {
  const auto begin = begin_of_host(url);
  auto host = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const std::string_view own_port = url.starts_with("https:") ? ":443" : ":80";
  if (host.ends_with(own_port))
    host.remove_suffix(own_port.size());
  return host;
}

std::string_view path_of(std::string_view url) {
  const auto slash = std::min(url.find('/', begin_of_host(url)), url.size());
  return url.substr(slash, url.find_first_of("?#", slash) - slash);
}

} // namespace guardrails::llm
