// How random a text looks: what tells a generated key from a word, a placeholder or a counted-up example.
#pragma once

#include <string_view>

namespace guardrails::checks::secrets {

/// Shannon's entropy of the bytes, in bits a byte (C. E. Shannon, 1948): 0 for `aaaa`, about 4 for random
/// hexadecimal digits, log2 of the length at most.
double entropy(std::string_view text) noexcept;

/// True for what nobody's generator gave out: an alphabet written out (`abcdefghijkl`) or one character in
/// the main (`xxxx-xxxx`).
bool is_filler(std::string_view text) noexcept;

/// True for a text such as `insert_key_here`, `<your token>`, `${TOKEN}`, `changeme` or `***`: it stands
/// where a secret would be.
bool is_placeholder(std::string_view text) noexcept;

/// True for eight, four, four, four and twelve hexadecimal digits with hyphens between.
bool is_uuid(std::string_view text) noexcept;

/// Neighbours of different kind (small letter, capital letter, digit): many in a random key, few in words
/// with or without hyphens.
std::size_t kind_changes(std::string_view text) noexcept;

} // namespace guardrails::checks::secrets
