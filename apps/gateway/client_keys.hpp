// Who may ask, and how much: bearer keys, of which only hashes are known.
#pragma once

#include "apps/gateway/admission.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::gateway {

using key_digest = std::array<unsigned char, 32>;

/// SHA-256.
key_digest digest_of(std::string_view key);

/// What the file says of one key.
struct key_entry {
  std::string name;
  key_digest digest{};
  std::optional<std::uint32_t> max_in_flight;
  std::optional<std::uint32_t> requests_per_minute;
  bool admin = false;                ///< may replace the configuration
  priority level = priority::normal; ///< against the file's other keys
};

/// Reads the YAML of `--keys`. Throws config_error, which never shows a hash.
std::vector<key_entry> read_keys(std::string_view yaml, const std::string& source);

/// What a name has used up, whichever file its key is from. Thread-safe by its mutex.
struct key_usage {
  std::mutex mutex;
  std::uint32_t in_flight = 0;
  double tokens = 0; ///< requests that may start at once; a minute's worth at most
  std::optional<std::chrono::steady_clock::time_point> counted{};
};

/// One key and what is under way for it. Thread-safe.
class client_key {
public:
  using clock = std::chrono::steady_clock;

  client_key(key_entry entry, std::shared_ptr<key_usage> usage)
    : entry_{std::move(entry)}
    , usage_{std::move(usage)} {}

  const key_entry& entry() const noexcept { return entry_; }
  const std::shared_ptr<key_usage>& usage() const noexcept { return usage_; }

  /// Takes a place; or says after how many seconds to ask again. A place is given back with leave().
  std::optional<std::uint32_t> enter(clock::time_point now);
  void leave();

private:
  const key_entry entry_;
  const std::shared_ptr<key_usage> usage_;
};

class client_keys {
public:
  /// Names that were there `before` go on with what they have used up.
  explicit client_keys(std::vector<key_entry> entries, const client_keys* before = nullptr);

  /// The key of an `Authorization` header, or null. Takes as long for a key as for none.
  std::shared_ptr<client_key> find(std::string_view authorization) const;

private:
  std::shared_ptr<key_usage> usage_of(std::string_view name) const;

  std::vector<std::shared_ptr<client_key>> keys_;
};

} // namespace guardrails::gateway
