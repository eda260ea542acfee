// Counts bytes, neighbours and telling words.
#include "checks/secrets/entropy.hpp"

#include "checks/secrets/ascii.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace guardrails::checks::secrets {

namespace {

// Words people write where a secret belongs. Whatever contains one is no secret that a program made.
constexpr auto telling_words = std::to_array<std::string_view>(
  {"example", "changeme",  "change_me", "placeholder", "redacted", "insert", "replace", "your",
   "dummy",   "fake",      "sample",    "test123",     "password", "passwd", "...",     "***",
   "xxxx",    "undefined", "secret_",   "_secret",     "_here",    "token_", "_token",  "_key",
   "-key",    "my-secret", "mysecret",  "notreal",     "not_a_"});

// What the language of a template puts around the name of a value.
struct template_marks {
  std::string_view open;
  std::string_view close;
};
constexpr auto templates = std::to_array<template_marks>(
  {{"{{", "}}"}, {"${", "}"}, {"$(", ")"}, {"%(", ")"}, {"<", ">"}, {"<%", "%>"}});

// Whole values that are no secret either.
constexpr auto empty_values = std::to_array<std::string_view>(
  {"null",  "none",   "true",   "false",    "nil",      "string",   "secret",
   "token", "pass",   "key",    "value",    "required", "optional", "bearer",
   "basic", "hidden", "masked", "disabled", "enabled",  "default",  "credentials"});

// Characters that count up, as `abcdefghijkl`, which no generator gives out.
constexpr std::size_t longest_count = 16;

enum class kind : std::uint8_t { small, capital, digit, other };

kind kind_of(char c) noexcept {
  if (c >= 'a' && c <= 'z')
    return kind::small;
  if (c >= 'A' && c <= 'Z')
    return kind::capital;
  return is_digit(c) ? kind::digit : kind::other;
}

bool is_name_character(char c) noexcept {
  return is_letter_or_digit(c) || std::string_view{"_-. :$|'=/"}.find(c) != std::string_view::npos;
}

// Whether `text` holds a name between the marks. A password may hold the marks, but hardly both and a name
// between.
bool holds_template(std::string_view text, const template_marks& marks) {
  for (auto at = text.find(marks.open); at != std::string_view::npos; at = text.find(marks.open, at + 1)) {
    auto end = at + marks.open.size();
    while (end < text.size() && is_name_character(text[end]))
      ++end;
    if (text.substr(end).starts_with(marks.close))
      return true;
  }
  return false;
}

std::array<std::uint32_t, 256> counts_of(std::string_view text) noexcept {
  std::array<std::uint32_t, 256> counts{};
  for (const auto c : text)
    ++counts[static_cast<unsigned char>(c)];
  return counts;
}

} // namespace

double entropy(std::string_view text) noexcept {
  double bits = 0;
  const auto size = static_cast<double>(text.size());
  for (const auto n : counts_of(text))
    if (n > 0)
      bits -= n / size * std::log2(n / size);
  return bits;
}

bool is_filler(std::string_view text) noexcept {
  if (text.size() < 4)
    return false;
  std::size_t run = 1;
  for (std::size_t i = 1; i < text.size(); ++i) {
    run = text[i] == text[i - 1] + 1 ? run + 1 : 1;
    if (run == longest_count)
      return true;
  }
  const auto counts = counts_of(text);
  return *std::ranges::max_element(counts) * std::size_t{2} > text.size();
}

bool is_placeholder(std::string_view text) noexcept {
  if (text.starts_with('$') || text.starts_with('%') || text.starts_with('[') || text.starts_with('@'))
    return true;
  return std::ranges::any_of(empty_values, [&](auto word) { return equals_folded(text, word); }) ||
         std::ranges::any_of(telling_words, [&](auto word) { return contains_folded(text, word); }) ||
         std::ranges::any_of(templates, [&](const auto& marks) { return holds_template(text, marks); });
}

bool is_uuid(std::string_view text) noexcept {
  if (text.size() != 36)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : !is_ascii_hex(text[i]))
      return false;
  return true;
}

std::size_t kind_changes(std::string_view text) noexcept {
  std::size_t changes = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const auto before = kind_of(text[i - 1]);
    const auto after = kind_of(text[i]);
    changes += before != after && before != kind::other && after != kind::other;
  }
  return changes;
}

} // namespace guardrails::checks::secrets
