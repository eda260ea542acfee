// Formats of numbers, spelled out: `AA99AAA`.
#pragma once

#include <span>
#include <string_view>

namespace guardrails::checks {

/// Whether `compact` (upper case) is spelled as `format`: `9` stands for a digit, `A` for a letter, `X` for
/// either, every other character for itself.
bool spelled_as(std::string_view compact, std::string_view format) noexcept;

/// Whether it is spelled as one of several.
bool spelled_as_any(std::string_view compact, std::span<const std::string_view> formats) noexcept;

/// Whether every character of `part` is one of `allowed`.
bool consists_of(std::string_view part, std::string_view allowed) noexcept;

/// Whether no character of `part` is one of `excluded`.
bool avoids(std::string_view part, std::string_view excluded) noexcept;

} // namespace guardrails::checks
