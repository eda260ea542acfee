// Forms of an answer that look like data on its way out: dumps, encoded blocks, sheer length.
#pragma once

#include "checks/check.hpp"
#include "checks/pattern_engine.hpp"

#include <string_view>
#include <vector>

namespace guardrails::checks::exfiltration {

/// A kind of form and its places. There are none for what concerns the text as a whole.
struct abnormal_pattern {
  std::string_view name;
  std::vector<match_range> places;
};

/// Places that are listed one by one; past them the rest of the text counts as one.
inline constexpr std::size_t most_places = 1'000;

/// A text of more bytes is very long: some five pages.
inline constexpr std::size_t very_long = 16'384;

/// Neighbouring lines with the same number of separators that make a dump of a table.
inline constexpr std::size_t least_rows = 10;

/// Members of objects within one pair of brackets that make a dump of JSON.
inline constexpr std::size_t least_members = 40;

/// Characters without white space within them, and bits a character, that make a block of Base64.
inline constexpr std::size_t least_block = 400;
inline constexpr double least_block_entropy = 4.5;

/// The same of a shorter run of any characters, of which only a cipher or a compressed text has so many bits.
inline constexpr std::size_t least_run = 96;
inline constexpr double least_run_entropy = 5.2;

/// Every kind that occurs, each once, with all its places: `very_long`, `csv`, `table`, `json`, `base64`,
/// `high_entropy`. The places of one separator, and those of the other kinds, do not overlap and are in
/// order. Linear in the text; gives up early once `stop` says so.
std::vector<abnormal_pattern> find_abnormal_patterns(std::string_view text, const stop_function& stop);

} // namespace guardrails::checks::exfiltration
