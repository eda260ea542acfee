// The keys of a configuration, each described once: reading, validating, writing, comparing and documenting
// all follow this table.
#pragma once

#include "config/place.hpp"

#include <guardrails/rails_config.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::config {

enum class key_kind : std::uint8_t {
  value,   ///< one value or a list of values
  section, ///< a map of further keys
  missing, ///< documented, but its feature is not part of this version
};

/// What may be written for a key whose feature is missing.
enum class missing_form : std::uint8_t {
  none,    ///< nothing: leave it out
  flag,    ///< `false`
  section, ///< `false` or `{enabled: false}`
};

using engine_set = std::uint8_t;

constexpr engine_set set_of(llm_engine engine) {
  return static_cast<engine_set>(1u << static_cast<unsigned>(engine));
}

constexpr engine_set every_engine = 0xff;

/// All engines but those of `set`.
constexpr engine_set engines_but(engine_set set) {
  return static_cast<engine_set>(every_engine & ~set);
}

constexpr engine_set remote_engines = engines_but(set_of(llm_engine::echo));

struct key {
  std::string path; ///< dotted
  key_kind kind = key_kind::value;
  std::string doc;           ///< one sentence
  std::string type;          ///< `boolean`, `duration`, …
  std::string allowed;       ///< range or choices; may be empty
  std::string default_words; ///< said instead of the default value where that depends on other keys
  std::string follows;       ///< the key whose value it has where it is not set itself
  bool secret = false;
  bool check = false; ///< switches a check on or off: listed by rails_config::checks_off
  engine_set engines = every_engine;
  engine_set required_by = 0;
  missing_form form = missing_form::none;
  std::string scalar_key;    ///< section: the key that is meant where a scalar stands in place of the map
  bool may_be_false = false; ///< section: `false` leaves it out

  // -- of a value --
  std::function<void(rails_config&, const place&)> read;
  std::function<std::optional<std::string>(const rails_config&)> write; ///< as YAML; nothing: not set
  std::function<bool(const rails_config&, const rails_config&)> same;

  // -- of a section that may be absent --
  std::function<void(rails_config&)> open;
  std::function<bool(const rails_config&)> present;

  /// Of a check that runs in one direction only: whether it does. Empty: wherever checks run.
  std::function<bool(const rails_config&)> runs;

  /// The last part of the path.
  std::string_view name() const noexcept;
  /// The path without its last part.
  std::string_view parent() const noexcept;
};

/// Every key, sections before what they hold, in the order of the specification.
std::span<const key> all_keys();

/// Null when there is no such key.
const key* find_key(std::string_view path);

/// A configuration in which every section is present and every value its default.
const rails_config& default_config();

/// Whether the check that `k` switches is on.
bool check_is_on(const key& k, const rails_config& config);

} // namespace guardrails::config
