// Finds values again that were masked before: what an answer repeats may be recognised by nothing else there.
#pragma once

#include "checks/mask_vault.hpp"
#include "checks/word_list.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// Looks for more and more values in one text after the other. However often values are added, each is
/// compiled only a logarithmic number of times; the search is linear in the text. Not thread-safe.
class known_values {
public:
  /// Bytes from which on a value is found within words too: a model may write a placeholder anywhere, and
  /// what came back in its place goes out again with the history.
  static constexpr std::size_t least_unmistakable = 6;

  /// A finding of the check of personal data wherever one of `values` stands in the same letters, however it
  /// is disguised (normalise.hpp), short ones (least_unmistakable) only between word boundaries; past
  /// word_list::most_matches of them, the rest of the text is one. From one call to the next, values are only
  /// added at the end. Those that a word list does not take (empty, longer than word_list::max_word_bytes)
  /// are not found.
  std::vector<finding> find(std::string_view text, std::span<const found_value> values);

private:
  /// Values that may stand in the same places, and their automaton.
  struct searched_values {
    std::vector<std::size_t> listed; ///< the value of each word
    word_list words;
  };

  /// Some of the values.
  struct level {
    std::size_t begin;
    std::size_t end;
    searched_values short_ones;
    searched_values long_ones;
  };

  void compile(std::span<const found_value> values);

  std::vector<level> levels_; // each with fewer values than the one before
};

} // namespace guardrails::checks
