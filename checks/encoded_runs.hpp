// Reads what stands in a text percent-, Base64- or hex-encoded.
#pragma once

#include "checks/normalise.hpp"

#include <cstddef>
#include <string_view>

namespace guardrails::checks {

/// Shorter runs are words and numbers like any others.
inline constexpr std::size_t least_base64_characters = 12;
inline constexpr std::size_t least_hex_digits = 16;

/// `text` with its encoded runs in plain, without what stands more than a kilobyte from any; unchanged where
/// there is none. A run becomes what it stands for as one indivisible piece: to_original() of any part of
/// that is the whole run. Only what decodes to printable UTF-8 (tabs and line ends count) is a run:
/// - `%41%42` and `\x41\x42`, as far as the bytes make characters;
/// - at least least_hex_digits hex digits, an even number, `0x` before them or not;
/// - at least least_base64_characters characters of either of Base64's alphabets, with their padding. Where
///   all of them make no sense, the stretches between `-` and `_`, or else between `+` and `/`, are tried.
/// One level: what was encoded twice comes out encoded once. The result is never longer than `text`; linear.
normalised_text decode_runs(std::string_view text);

} // namespace guardrails::checks
