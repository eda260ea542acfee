// Regular expressions of bounded width as trees: the part of RE2's syntax that automata of our own take.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guardrails::checks {

/// Code points, first and last of each range.
using code_point_ranges = std::vector<std::pair<char32_t, char32_t>>;

/// One part of an expression.
struct expression_node {
  enum class kind : std::uint8_t { characters, word_boundary, sequence, alternatives, repetition };

  kind is = kind::sequence;
  code_point_ranges ranges = {};              ///< characters: one of these
  std::vector<expression_node> children = {}; ///< repetition: one
  std::size_t least = 0;                      ///< repetition
  std::size_t most = 0;
};

/// An expression all of whose matches are at most `width` bytes long.
struct bounded_expression {
  expression_node root;
  std::size_t width = 0;
  /// False: a class of Unicode was widened to every code point that is not ASCII, so a match with such a code
  /// point is one only perhaps.
  bool exact = true;
};

/// What an expression is, or why it is not of this kind.
struct parsed_expression {
  std::optional<bounded_expression> expression;
  std::string reason; ///< where there is none
};

/// Takes literals, classes, groups, alternatives, greedy counts with a bound, `\b` and `(?i)`. Refuses, with
/// a reason, what else RE2 knows, and what is wider than `most_width` bytes.
parsed_expression parse_bounded(std::string_view expression, std::size_t most_width);

using byte_set = std::bitset<256>;

/// What `\b` takes for a part of a word.
constexpr bool is_word_byte(unsigned char byte) noexcept {
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         byte == '_';
}

/// The unit in which a match is measured.
enum class width_unit : std::uint8_t { bytes, code_points };

/// At most so much of a match stands before the first byte of `set` in it; nothing when a match may do
/// without one.
std::optional<std::size_t> width_before(const expression_node& node, const byte_set& set, width_unit unit);

} // namespace guardrails::checks
