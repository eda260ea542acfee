// What the normaliser has to know about a code point, as flags from one table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace guardrails::checks {

/// Flags of a code point; 0: it stands for itself and belongs to no word.
using code_point_flags = std::uint8_t;

namespace code_point_flag {

inline constexpr code_point_flags invisible = 1 << 0; ///< shows nothing of its own: is_invisible()
inline constexpr code_point_flags unsettled =
  1 << 1; ///< the normaliser may change it, join it to what precedes or drop it
inline constexpr code_point_flags mark = 1 << 2;      ///< has a combining class, so its order may matter
inline constexpr code_point_flags lookalike = 1 << 3; ///< latin_twin() knows it
inline constexpr code_point_flags latin = 1 << 4;     ///< a Latin letter
inline constexpr code_point_flags cyrillic = 1 << 5;  ///< a Cyrillic letter
inline constexpr code_point_flags greek = 1 << 6;     ///< a Greek letter
inline constexpr code_point_flags word_part = 1 << 7; ///< is_spaced_word_character()

} // namespace code_point_flag

code_point_flags flags_of(char32_t c);

/// A range of a text and the flags of all its code points together.
struct flagged_range {
  std::size_t begin = 0;
  std::size_t end = 0;
  code_point_flags seen = 0;
};

/// The code points from byte `begin` on that each have one of the flags of `wanted`.
flagged_range range_with(std::string_view text, std::size_t begin, code_point_flags wanted);

/// The code points from byte `begin` on that are not ASCII and have no flags. Bytes that are no UTF-8 count
/// as such.
flagged_range range_without_flags(std::string_view text, std::size_t begin);

/// The ASCII letter that `c` passes for, or 0. Upper case stays upper case.
char32_t latin_twin(char32_t c) noexcept;

/// The ASCII letter inside a white-on-black circle or square (U+1F150 to U+1F189), which NFKC leaves alone;
/// or 0.
char32_t boxed_letter(char32_t c) noexcept;

/// The ASCII digit that `c`, which is not ASCII, stands for by itself, or 0: a decimal digit of any script,
/// and one with a circle, parentheses or a full stop around it.
char32_t digit_twin(char32_t c) noexcept;

/// A mark drawn around or through the character before it: enclosing marks, strokes and overlays,
/// and lines above and below it.
bool is_drawn_over(char32_t c) noexcept;

/// Characters without a shape of their own: Unicode's default ignorable code points (soft hyphen, zero-width
/// space and joiners, bidi controls, variation selectors, tag characters, fillers …) and interlinear
/// annotation. Not the control characters of ASCII, nor white space of any width.
bool is_invisible(char32_t c);

} // namespace guardrails::checks
