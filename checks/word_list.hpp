// Finds any of many words and phrases in one pass, whatever their case (Aho and Corasick, 1975).
#pragma once

#include "checks/pattern_engine.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace guardrails::checks {

/// A word of the list at one place of a text.
struct word_match {
  match_range where;
  std::uint32_t word = 0; ///< index into the list
};

/// Where a word of a list may stand.
enum class word_edges : std::uint8_t {
  boundaries,      ///< between word boundaries, in scripts that have them; `_` around a word emphasises it
  outside_numbers, ///< anywhere but where a number goes on
};

/// Which letters are the same.
enum class word_case : std::uint8_t { ignored, exact };

/// A compiled list: immutable, thread-safe, linear in the text, which is normalised as the words are
/// (normalise.hpp). Words match by simple case folding, unless their case is exact; white space in a phrase
/// matches any run of white space.
class word_list {
public:
  static constexpr std::size_t max_words = 100'000;
  static constexpr std::size_t max_word_bytes = 1'024;

  /// Throws config_error naming `key_path`[i] for a word that is empty, too long or not UTF-8, and for too
  /// many.
  word_list(std::span<const std::string> words, const std::string& key_path,
            word_edges edges = word_edges::boundaries, word_case letters = word_case::ignored);

  /// The matches in order, without those that lie within another. Stops after `limit` matches.
  std::vector<word_match> find_all(std::string_view text, std::size_t limit) const;

  /// Bytes of memory, about.
  std::size_t memory() const noexcept;

  static constexpr std::size_t most_matches = 10'000; ///< in one text

  /// The same for a report, which hostile texts may not swell: past `most_matches` the rest of the text
  /// belongs to the last match.
  std::vector<word_match> find_bounded(std::string_view text) const;

private:
  using symbol = std::uint32_t; // a folded code point that occurs in the list; 0: any other
  using state = std::uint32_t;  // 0 is the root
  using spelling = std::vector<symbol>;

  static constexpr std::uint32_t none = 0xFFFFFFFF;

  spelling spell(std::string_view word);
  void build_trie(const std::vector<std::pair<spelling, std::uint32_t>>& sorted);
  void build_fallbacks();
  bool may_begin_at(std::string_view text, std::size_t pos) const;
  bool may_end_at(std::string_view text, std::size_t pos) const;
  char32_t folded(char32_t c) const noexcept;
  symbol symbol_of(char32_t c) const;
  state child(state from, symbol s) const;
  state step(state from, symbol s) const;

  std::unordered_map<char32_t, symbol> symbols_;
  std::array<symbol, 128> ascii_symbols_{};
  symbol last_symbol_ = 0;
  word_edges edges_;
  word_case case_;
  std::size_t longest_ = 0; // in symbols

  // The states of one parent stand side by side, ordered by symbol.
  std::vector<state> first_child_; // one more than states
  std::vector<symbol> symbol_;     // that leads into the state
  std::vector<state> fallback_;
  std::vector<std::uint32_t> word_;  // that ends in the state, or none
  std::vector<state> shorter_;       // next state on the fallback path in which a word ends; 0: none
  std::vector<std::uint32_t> depth_; // symbols from the root
  std::vector<state> root_children_; // by symbol
};

} // namespace guardrails::checks
