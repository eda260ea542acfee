// Who may ask, and how much: bearer keys, of which only hashes are known.
#pragma once

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
  bool admin = false; ///< may replace the configuration
};

/// Reads the YAML of `--keys`. Throws config_error, which never shows a hash.
std::vector<key_entry> read_keys(std::string_view yaml, const std::string& source);

/// One key and what is under way for it. Thread-safe.
class client_key {
public:
  using clock = std::chrono::steady_clock;

  explicit client_key(key_entry entry)
    : entry_{std::move(entry)}
    , tokens_{static_cast<double>(entry_.requests_per_minute.value_or(0))} {}

  const key_entry& entry() const noexcept { return entry_; }

  /// Takes a place; or says after how many seconds to ask again. A place is given back with leave().
  std::optional<std::uint32_t> enter(clock::time_point now);
  void leave();

private:
  const key_entry entry_;
  std::mutex mutex_;
  std::uint32_t in_flight_ = 0;
  double tokens_; ///< requests that may start at once; a minute's worth at most
  std::optional<clock::time_point> counted_{};
};

class client_keys {
public:
  explicit client_keys(std::vector<key_entry> entries);

  /// The key of an `Authorization` header, or null. Takes as long for a key as for none.
  client_key* find(std::string_view authorization) const;

private:
  std::vector<std::unique_ptr<client_key>> keys_;
};

} // namespace guardrails::gateway
