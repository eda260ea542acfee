// What the tagger says about a token.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace guardrails::checks::tagger {

/// The entities the tagger knows.
enum class entity : std::uint8_t { person, location, nrp, organization, date_time };

/// Their names in findings, in the order of `entity`.
inline constexpr std::array<std::string_view, 5> entity_names{"PERSON", "LOCATION", "NRP", "ORGANIZATION",
                                                              "DATE_TIME"};
inline constexpr std::size_t entity_count = entity_names.size();

/// A token is outside of any entity (0), begins one (1, 3 …) or is inside of one (2, 4 …).
using label = std::uint8_t;
inline constexpr label outside = 0;
inline constexpr std::size_t label_count = 1 + 2 * entity_count;

constexpr label begins(entity e) noexcept {
  return static_cast<label>(1 + 2 * static_cast<unsigned>(e));
}

constexpr label inside(entity e) noexcept {
  return static_cast<label>(begins(e) + 1);
}

constexpr bool is_inside(label l) noexcept {
  return l != outside && l % 2 == 0;
}

/// The entity of a label other than `outside`.
constexpr entity entity_of(label l) noexcept {
  return static_cast<entity>((l - 1) / 2);
}

/// Whether `to` may follow `from`: inside follows only the beginning or inside of the same entity.
constexpr bool may_follow(label from, label to) noexcept {
  return !is_inside(to) || (from != outside && entity_of(from) == entity_of(to));
}

constexpr std::string_view name_of(entity e) noexcept {
  return entity_names[static_cast<std::size_t>(e)];
}

constexpr std::optional<entity> entity_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < entity_count; ++i)
    if (entity_names[i] == name)
      return static_cast<entity>(i);
  return std::nullopt;
}

} // namespace guardrails::checks::tagger
