// Reads key files, compares hashes in constant time, and counts.
#include "apps/gateway/client_keys.hpp"

#include "config/yaml_reader.hpp"

#include <guardrails/errors.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace guardrails::gateway {
namespace {

using config::node;
using config::shape;

class key_reader {
public:
  explicit key_reader(const std::string& source)
    : source_{source} {}

  std::vector<key_entry> read(const node& root) const {
    if (root.kind != shape::map || root.members.size() != 1 || root.members[0].key != "keys" ||
        root.members[0].value.kind != shape::list)
      fail(root.at, "keys", "expected a list of keys");
    std::vector<key_entry> entries;
    for (const auto& item : root.members[0].value.items) {
      entries.push_back(entry(item));
      const auto& last = entries.back();
      if (std::count_if(entries.begin(), entries.end(), [&](const key_entry& e) {
            return e.name == last.name || e.digest == last.digest;
          }) > 1)
        fail(item.at, "keys", "the same name or key twice");
    }
    return entries;
  }

private:
  [[noreturn]] void fail(config::mark at, std::string path, std::string problem) const {
    throw config_error({source_, at.line, at.column}, std::move(path), std::move(problem));
  }

  key_entry entry(const node& from) const {
    if (from.kind != shape::map)
      fail(from.at, "keys", "expected a map with name and sha256");
    key_entry to;
    bool has_digest = false;
    for (const auto& [key, at, value] : from.members) {
      if (value.kind != shape::scalar)
        fail(at, "keys." + key, "expected one value");
      if (key == "name")
        to.name = value.text;
      else if (key == "sha256")
        has_digest = (to.digest = digest(value), true);
      else if (key == "max_in_flight")
        to.max_in_flight = count(value, key);
      else if (key == "requests_per_minute")
        to.requests_per_minute = count(value, key);
      else if (key == "admin" && (value.text == "true" || value.text == "false"))
        to.admin = value.text == "true";
      else
        fail(at, "keys." + key,
             "expected name, sha256, max_in_flight, requests_per_minute, or admin: true or false");
    }
    if (to.name.empty() || to.name.size() > 64 || to.name.find('/') != std::string::npos || !has_digest)
      fail(from.at, "keys", "expected a name of 1 to 64 bytes without '/', and a sha256");
    return to;
  }

  key_digest digest(const node& from) const {
    key_digest bytes{};
    if (from.text.size() != 2 * bytes.size())
      fail(from.at, "keys.sha256", "expected 64 hexadecimal digits");
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto* begin = from.text.data() + 2 * i;
      if (const auto [end, problem] = std::from_chars(begin, begin + 2, bytes[i], 16);
          problem != std::errc{} || end != begin + 2)
        fail(from.at, "keys.sha256", "expected 64 hexadecimal digits");
    }
    return bytes;
  }

  std::uint32_t count(const node& from, const std::string& key) const {
    std::uint32_t value = 0;
    const auto* end = from.text.data() + from.text.size();
    if (const auto [stop, problem] = std::from_chars(from.text.data(), end, value);
        problem != std::errc{} || stop != end || value == 0)
      fail(from.at, "keys." + key, "expected a number from 1 on");
    return value;
  }

  const std::string& source_;
};

std::string_view bearer(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size())
    return {};
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if ((authorization[i] | 0x20) != (scheme[i] | 0x20))
      return {};
  return authorization.substr(scheme.size());
}

} // namespace

key_digest digest_of(std::string_view key) {
  key_digest digest;
  unsigned size = 0;
  if (EVP_Digest(key.data(), key.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error{"no SHA-256"};
  return digest;
}

std::vector<key_entry> read_keys(std::string_view yaml, const std::string& source) {
  return key_reader{source}.read(config::read_yaml(yaml, source));
}

std::optional<std::uint32_t> client_key::enter(clock::time_point now) {
  const std::lock_guard guard{mutex_};
  if (entry_.max_in_flight && in_flight_ >= *entry_.max_in_flight)
    return 1;
  if (entry_.requests_per_minute) {
    const double per_second = *entry_.requests_per_minute / 60.0;
    const std::chrono::duration<double> since = now - counted_.value_or(now);
    counted_ = now;
    tokens_ = std::min<double>(*entry_.requests_per_minute, tokens_ + since.count() * per_second);
    if (tokens_ < 1)
      return static_cast<std::uint32_t>(std::ceil((1 - tokens_) / per_second));
    tokens_ -= 1;
  }
  ++in_flight_;
  return std::nullopt;
}

void client_key::leave() {
  const std::lock_guard guard{mutex_};
  --in_flight_;
}

client_keys::client_keys(std::vector<key_entry> entries) {
  for (auto& entry : entries)
    keys_.push_back(std::make_unique<client_key>(std::move(entry)));
}

client_key* client_keys::find(std::string_view authorization) const {
  const auto token = bearer(authorization);
  const auto digest = digest_of(token);
  client_key* found = nullptr;
  for (const auto& key : keys_)
    if (CRYPTO_memcmp(key->entry().digest.data(), digest.data(), digest.size()) == 0)
      found = key.get();
  return token.empty() ? nullptr : found;
}

} // namespace guardrails::gateway
