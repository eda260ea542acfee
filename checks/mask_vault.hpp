// The originals behind the placeholders of one session.
#pragma once

#include <guardrails/generation.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// Gives values placeholders and takes them back: unmask(mask(text)) is the text. Belongs to one session;
/// bounded. Not thread-safe. What it holds is what must not be logged, so it prints nothing.
class mask_vault {
public:
  static constexpr std::size_t most_values = 10'000;
  static constexpr std::size_t most_bytes = 4u << 20; ///< of values and names together

  /// `text` with a numbered placeholder in place of every finding that carries a replacement; equal values of
  /// an entity have the same one. Something that already looks like a placeholder never gets mixed up with
  /// one. When the vault is full, further values are replaced as their findings say, for good. `text` is the
  /// part of the judged text that starts at `offset`; spans are clipped to it, of overlapping ones the first
  /// and longest counts for all.
  std::string mask(std::string_view text, std::uint64_t offset, std::span<const finding> findings);

  /// `text` with originals in place of this vault's placeholders, also where case or spacing changed
  /// (placeholder.hpp). Others stay.
  std::string unmask(std::string_view text) const;

  /// The value behind a placeholder's key; null: none of this vault's.
  const std::string* find(std::string_view key) const;

  bool empty() const noexcept { return values_.empty(); }
  std::size_t size() const noexcept { return values_.size(); }

private:
  struct given {
    std::string entity;
    std::string value;
    auto operator<=>(const given&) const = default;
  };

  std::optional<std::string> placeholder_of(std::string_view entity, std::string_view value);
  std::string shield(std::string_view text);
  void reserve_keys(std::string_view text);

  std::map<std::string, std::string, std::less<>> values_;   // by key
  std::set<std::string, std::less<>> reserved_;              // keys that were written by others
  std::map<given, std::string> placeholders_;                // by what they stand for
  std::map<std::string, std::uint32_t, std::less<>> latest_; // number of an entity
  std::size_t bytes_ = 0;
};

/// unmask() for a text that comes in pieces. Holds back at most longest_placeholder bytes. The vault must
/// outlive it.
class unmasking {
public:
  explicit unmasking(const mask_vault& vault)
    : vault_{&vault} {}

  /// What can be passed on after `piece`.
  std::string feed(std::string_view piece);

  /// The rest.
  std::string finish();

private:
  std::string take(bool ends);

  const mask_vault* vault_;
  std::string held_;
};

} // namespace guardrails::checks
