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
      else if (key == "priority")
        to.level = level(value);
      else
        fail(at, "keys." + key,
             "expected name, sha256, max_in_flight, requests_per_minute, priority, or admin: true or false");
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

  priority level(const node& from) const {
    for (const auto one : {priority::low, priority::normal, priority::high})
      if (from.text == to_string(one))
        return one;
    fail(from.at, "keys.priority", "expected low, normal or high");
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
  auto& used = *usage_;
  const std::lock_guard guard{used.mutex};
  if (entry_.max_in_flight && used.in_flight >= *entry_.max_in_flight)
    return 1;
  if (const double most = entry_.requests_per_minute.value_or(0); most > 0) {
    const double per_second = most / 60.0;
    const std::chrono::duration<double> since = now - used.counted.value_or(now);
    used.tokens = used.counted ? std::min(most, used.tokens + since.count() * per_second) : most;
    used.counted = now;
    if (used.tokens < 1)
      return static_cast<std::uint32_t>(std::ceil((1 - used.tokens) / per_second));
    used.tokens -= 1;
  }
  ++used.in_flight;
  return std::nullopt;
}

void client_key::leave() {
  const std::lock_guard guard{usage_->mutex};
  --usage_->in_flight;
}

client_keys::client_keys(std::vector<key_entry> entries, const client_keys* before) {
  // Where all are alike, no place is kept for anybody.
  const bool are_alike = std::ranges::all_of(
    entries, [&](const key_entry& entry) { return entry.level == entries.front().level; });
  for (auto& entry : entries) {
    if (are_alike)
      entry.level = priority::high;
    auto usage = before ? before->usage_of(entry.name) : nullptr;
    if (!usage)
      usage = std::make_shared<key_usage>();
    keys_.push_back(std::make_shared<client_key>(std::move(entry), std::move(usage)));
  }
}

std::shared_ptr<key_usage> client_keys::usage_of(std::string_view name) const {
  const auto found = std::ranges::find(keys_, name, [](const auto& key) { return key->entry().name; });
  return found == keys_.end() ? nullptr : (*found)->usage();
}

std::shared_ptr<client_key> client_keys::find(std::string_view authorization) const {
  const auto token = bearer(authorization);
  const auto digest = digest_of(token);
  const std::shared_ptr<client_key>* found = nullptr;
  for (const auto& key : keys_)
    if (CRYPTO_memcmp(key->entry().digest.data(), digest.data(), digest.size()) == 0)
      found = &key;
  return token.empty() || !found ? nullptr : *found;
}

} // namespace guardrails::gateway
