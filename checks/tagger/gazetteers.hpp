// Words that are likely to be names, places and the like, written for this project from public facts.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace guardrails::checks::tagger {

/// The lists a word may stand in, as flags.
using word_lists = std::uint16_t;

namespace word_list_flag {

inline constexpr word_lists first_name = 1 << 0;
inline constexpr word_lists surname = 1 << 1;
inline constexpr word_lists country = 1 << 2;
inline constexpr word_lists place = 1 << 3; ///< cities, states, regions, seas
inline constexpr word_lists group = 1 << 4; ///< nationalities, religions, political groups
inline constexpr word_lists legal_form = 1 << 5;
inline constexpr word_lists organisation_word = 1 << 6;
inline constexpr word_lists organisation = 1 << 7;
inline constexpr word_lists street_word = 1 << 8;
inline constexpr word_lists honorific = 1 << 9;
inline constexpr word_lists month = 1 << 10;
inline constexpr word_lists weekday = 1 << 11;
inline constexpr word_lists time_word = 1 << 12;
inline constexpr word_lists particle = 1 << 13; ///< `van`, `de` within names
inline constexpr word_lists term = 1 << 14;     ///< written with a capital, but no name: languages, products
inline constexpr word_lists phrase_part = 1 << 15; ///< second or later word of a listed phrase

} // namespace word_list_flag

/// One list: entries in lower case, separated by commas or line ends; an entry has at most three words.
struct gazetteer_list {
  word_lists flag;
  std::string_view entries;
};

/// Every list of this build.
std::vector<gazetteer_list> all_gazetteer_lists();

// The lists, each in the file of its subject.
std::string_view first_names();
std::string_view surnames();
std::string_view countries();
std::string_view places();
std::string_view groups();

/// What the lists say about a word or phrase.
struct listed {
  word_lists lists = 0;
  bool begins_phrase = false;
};

/// All lists as one table of hashes: immutable, thread-safe.
class gazetteers {
public:
  /// The table of this build, made when it is first asked for.
  static const gazetteers& all();

  /// Of a word: its hash (hash_word); of a phrase: mix() of the hashes of its words, from the left.
  listed find(std::uint32_t key) const noexcept;

  /// Changes with every entry: a model is only valid with the lists it was trained with.
  std::uint32_t fingerprint() const noexcept { return fingerprint_; }

private:
  struct slot {
    std::uint32_t key = 0; // 0: free
    listed found;
  };

  gazetteers();

  void add(std::string_view entry, word_lists lists);
  slot& slot_of(std::uint32_t key);

  std::vector<slot> slots_; // as many as a power of two; most are free
  std::uint32_t fingerprint_ = 0;
};

} // namespace guardrails::checks::tagger
