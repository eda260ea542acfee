// Undoes what makes a text look like another one: widths, styles, invisible characters, borrowed letters.
#pragma once

#include "checks/offset_map.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// Which letters that look like Latin ones become those.
enum class lookalikes : std::uint8_t {
  keep,           ///< none
  in_mixed_words, ///< those in words that mix them with Latin letters, or Cyrillic with Greek ones
  all,
};

/// Whether what sets values off (emphasis.hpp) becomes blanks.
enum class emphasis : std::uint8_t { keep, blank };

/// A text as the checks read it, and how to get back. Refers to the original, which must outlive it, as long
/// as nothing was changed.
class normalised_text {
public:
  /// Unchanged.
  explicit normalised_text(std::string_view original)
    : original_{original} {}

  normalised_text(std::string rewritten, offset_map map)
    : rewritten_{std::move(rewritten)}
    , map_{std::move(map)}
    , changed_{true} {}

  std::string_view text() const noexcept { return changed_ ? std::string_view{rewritten_} : original_; }
  bool changed() const noexcept { return changed_; }

  /// The range of the original that produced `range`, which is not empty, of text(). What was removed in its
  /// midst belongs to it, what was removed at its ends does not.
  match_range to_original(match_range range) const { return changed_ ? map_.to_original(range) : range; }

  const offset_map& map() const noexcept { return map_; }

  /// Puts blanks, byte for byte, in place of ranges of text().
  void blank(std::span<const match_range> ranges);

private:
  std::string_view original_;
  std::string rewritten_;
  offset_map map_;
  bool changed_ = false;
};

/// Removes invisible characters (is_invisible) and what is drawn around or through letters and digits
/// (is_drawn_over), makes digits of all scripts ASCII's, brings the rest into Unicode's normalisation form
/// NFKC (Unicode Standard Annex 15) and letters that look like Latin ones to Latin as `which` says; what sets
/// values off becomes blanks unless `marks` says otherwise. Normalising the result again changes nothing.
/// Linear in time and memory; a text that needs no change is only scanned, and ASCII needs one for emphasis
/// alone. Bytes that are not valid UTF-8 are kept as they are. Throws std::length_error for 4 GiB and more.
normalised_text normalise(std::string_view text, lookalikes which = lookalikes::in_mixed_words,
                          emphasis marks = emphasis::blank);

/// Builds the tables that normalise() needs, some ten milliseconds once per process, which its first call
/// would do otherwise. Throws std::runtime_error when ICU has no data.
void prepare_normalisation();

} // namespace guardrails::checks
