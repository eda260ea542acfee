// The n-grams that a text is judged by: hashed words, pairs of neighbours, and pieces of words, in one pass.
#pragma once

#include "checks/models/letters.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace guardrails::checks::models {

/// What makes other n-grams of the same text; a model names the one it was trained with.
inline constexpr std::uint32_t gram_version = 2;

/// A longer word is read in pieces of this many letters.
inline constexpr std::size_t most_letters = 40;
inline constexpr std::size_t longest_piece = 5;
inline constexpr std::size_t shortest_piece = 2;

/// What is repeated says no more than what is said: a word counts this often among the words around it, and a
/// letter this often in a row.
inline constexpr std::uint32_t most_repetitions = 2;
inline constexpr std::uint32_t words_around = 64;
inline constexpr std::size_t most_alike = 3;

/// Grams of one token: pieces of a word with a mark at either end, itself, and its neighbours.
inline constexpr std::size_t most_grams = (most_letters + 2) * (longest_piece - shortest_piece + 1) + 4;

struct byte_place {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// A word or a run of signs as hashes.
struct token_grams {
  std::array<std::uint32_t, most_grams> hashes;
  std::array<byte_place, most_grams> places; ///< bytes of the text; only where they are asked for
  std::size_t count = 0;
  std::uint32_t units = 0; ///< how much of a window it takes: long words, as of Chinese, are several
  std::uint32_t word = 0;  ///< hash of the whole word; 0 for signs
  std::uint32_t end = 0;   ///< how many bytes of the text have been read with it
};

namespace gram_hash {

constexpr std::uint64_t step(std::uint64_t h, std::uint64_t next) noexcept {
  return ((h << 5 | h >> 59) ^ next) * 0x9E3779B97F4A7C15U;
}

/// The upper bits are the good ones.
constexpr std::uint64_t finish_wide(std::uint64_t h) noexcept {
  return (h ^ h >> 29) * 0xBF58476D1CE4E5B9U;
}

constexpr std::uint32_t finish(std::uint64_t h) noexcept {
  return static_cast<std::uint32_t>(finish_wide(h) >> 32);
}

inline constexpr std::uint64_t piece = 0x51ED270B7F4A7C15U;
inline constexpr std::uint64_t word = 0x2545F4914F6CDD1DU;
inline constexpr std::uint64_t pair = 0x9FB21C651E98DF25U;
inline constexpr std::uint64_t signs = 0xD6E8FEB86659FD93U;
inline constexpr std::uint64_t sentence_start = 0xA0761D6478BD642FU;

} // namespace gram_hash

/// Knows which words were said often lately. Two words that share a place forget each other.
class word_memory {
public:
  /// Whether this one has been said as often as counts.
  bool is_worn(std::uint64_t word) noexcept {
    auto& place = places_[word >> 58];
    ++words_;
    const auto again = place.word == word && words_ - place.last <= words_around;
    place.times = again ? place.times + 1 : 1;
    place.word = word;
    place.last = words_;
    return place.times > most_repetitions;
  }

private:
  struct said_word {
    std::uint64_t word = 0;
    std::uint32_t last = 0;
    std::uint32_t times = 0;
  };

  std::array<said_word, 64> places_{};
  std::uint32_t words_ = 0;
};

/// Reads a normalised text (normalise.hpp), whole or in chunks cut anywhere, and gives each token to
/// `sink.take(const token_grams&)` and says where sentences end (`sink.end_sentence()`). Disguises within
/// words are undone: leet (`1gn0re`, `p@ss`), letters s p a c e d out, apostrophes. Any bytes will do.
template <class Sink, bool WithPlaces = false>
class gram_reader {
public:
  explicit gram_reader(Sink& sink) noexcept
    : sink_{sink} {}

  void feed(std::string_view chunk) {
    std::size_t at = 0;
    while (at < chunk.size()) {
      const auto byte = static_cast<unsigned char>(chunk[at]);
      if (held_ == 0 && byte < 0x80) {
        letter(seen_ascii[byte], 1);
        ++at;
        continue;
      }
      at += other(chunk.substr(at));
    }
  }

  /// Call once, after the last chunk.
  void finish() {
    while (held_ > 0) // the text ends within a character
      take_held(decode_at({bytes_.data(), held_}, 0));
    end_joint();
    end_word();
    end_signs(letter_kind::space);
    end_spelled();
    end_sentence();
  }

private:
  // A letter that is not ASCII. What a chunk's end cuts is held until the next.
  std::size_t other(std::string_view rest) {
    if (held_ == 0) {
      const auto c = decode_at(rest, 0);
      if (c.value != no_code_point || rest.size() >= 4) {
        letter(see(c.value), c.length);
        return c.length;
      }
    }
    bytes_[held_++] = rest.front();
    const auto c = decode_at({bytes_.data(), held_}, 0);
    if (c.value != no_code_point || held_ == bytes_.size())
      take_held(c);
    return 1;
  }

  void take_held(code_point c) {
    letter(see(c.value), c.length);
    std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(c.length), bytes_.end(), bytes_.begin());
    held_ -= c.length;
    // What follows an invalid byte may be complete by itself.
    while (held_ > 0) {
      const auto next = decode_at({bytes_.data(), held_}, 0);
      if (next.value == no_code_point)
        break;
      letter(see(next.value), next.length);
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(next.length), bytes_.end(), bytes_.begin());
      held_ -= next.length;
    }
  }

  void letter(seen_letter c, std::size_t length) {
    if (joint_ != 0)
      c.kind == letter_kind::letter ? resolve_joint() : end_joint();
    switch (c.kind) {
    case letter_kind::letter:
    case letter_kind::digit:
      begin_word(c);
      append(c);
      break;
    case letter_kind::sign:
      if (letters_ > 0 && may_join(c.folded)) {
        joint_ = c.folded;
        joint_at_ = at_;
        break;
      }
      sign(c);
      break;
    case letter_kind::space:
    case letter_kind::line_end:
      end_word();
      end_signs(c.kind);
      ++gap_;
      if (c.kind == letter_kind::line_end)
        ++lines_;
      break;
    }
    at_ += static_cast<std::uint32_t>(length);
  }

  // Signs that may stand for a letter between others, or for nothing.
  static bool may_join(char32_t c) noexcept {
    return c == '\'' || c == '@' || c == '$' || c == '!' || c == '*';
  }

  void resolve_joint() {
    const auto c = joint_;
    joint_ = 0;
    if (c == '\'')
      return;
    if (letters_ == most_letters)
      end_word();
    push(c == '@' ? U'a' : c == '$' ? U's' : c == '!' ? U'i' : c, joint_at_);
  }

  // It was a sign after all.
  void end_joint() {
    if (joint_ == 0)
      return;
    const auto now = at_;
    const auto c = joint_;
    joint_ = 0;
    at_ = joint_at_;
    sign({c, letter_kind::sign});
    at_ = now;
  }

  void begin_word(seen_letter c) {
    if (letters_ > 0)
      return;
    end_signs(c.kind == letter_kind::letter && c.folded >= 0x80 ? letter_kind::letter : letter_kind::digit);
    end_line(c);
  }

  // Whether what is read goes on in the next line.
  void end_line(seen_letter c) {
    const auto wrapped = lines_ == 1 && c.small;
    if (lines_ > 0 && !wrapped)
      end_sentence();
    lines_ = 0;
    if (gap_ > 1)
      end_spelled();
    gap_ = 0;
  }

  void append(seen_letter c) {
    if (letters_ == most_letters)
      end_word();
    if (c.kind == letter_kind::digit)
      digits_ = true;
    else
      plain_ = true;
    push(c.folded, at_);
  }

  void push(char32_t folded, std::uint32_t at) {
    if (letters_ >= most_alike && word_[letters_] == folded && word_[letters_ - 1] == folded &&
        word_[letters_ - 2] == folded)
      return;
    if constexpr (WithPlaces)
      begins_[letters_ + 1] = at;
    word_[++letters_] = folded;
  }

  void sign(seen_letter c) {
    end_word();
    if (signs_ == 0)
      end_line(c);
    if (signs_ == 0)
      signs_at_ = at_;
    if (signs_ == run_.size())
      end_signs(letter_kind::sign);
    if (signs_ < most_alike || run_[signs_ - 1] != c.folded || run_[signs_ - 2] != c.folded ||
        run_[signs_ - 3] != c.folded)
      run_[signs_++] = c.folded;
    gap_ = 0;
    if (c.folded == U'\u3002' || c.folded == U'\u0964' || c.folded == U'\u06D4' || c.folded == U'\u061F') {
      end_signs(letter_kind::sign);
      end_sentence();
    }
  }

  static char32_t without_leet(char32_t digit) noexcept {
    constexpr std::u32string_view letters = U"oizeasotbg";
    return letters[digit - '0'];
  }

  void end_word() {
    if (letters_ == 0)
      return;
    if (digits_)
      for (std::size_t i = 1; i <= letters_; ++i)
        if (word_[i] >= '0' && word_[i] <= '9')
          word_[i] = plain_ ? without_leet(word_[i]) : U'0';
    const auto single = letters_ == 1 && plain_;
    if (single)
      spell(word_[1]);
    else
      end_spelled();
    take_word(true);
  }

  void take_word(bool with_neighbours) {
    word_[0] = 1;
    word_[letters_ + 1] = 2;
    if constexpr (WithPlaces) {
      begins_[0] = begins_[1];
      begins_[letters_ + 1] = begins_[letters_ + 2] = at_;
    }
    token_.count = 0;
    token_.end = at_;
    token_.units = static_cast<std::uint32_t>(1 + letters_ / 10);
    auto whole = gram_hash::word;
    for (std::size_t i = 1; i <= letters_; ++i)
      whole = gram_hash::step(whole, word_[i]);
    token_.word = gram_hash::finish(whole);
    const auto worn = said_.is_worn(gram_hash::finish_wide(whole));
    if (!worn)
      add_pieces(whole);
    if (with_neighbours) {
      if (!worn || !previous_worn_)
        add_pair(gram_hash::pair, previous_, whole, previous_at_, at_);
      previous_worn_ = worn;
      if (after_signs_ != 0 && !(worn && signs_worn_))
        add_pair(gram_hash::signs, after_signs_, whole, signs_at_, at_);
      previous_ = whole;
      if constexpr (WithPlaces)
        previous_at_ = begins_[1];
      after_signs_ = 0;
    }
    letters_ = 0;
    digits_ = plain_ = false;
    sink_.take(token_);
  }

  void add_pieces(std::uint64_t whole) noexcept {
    const auto size = letters_ + 2;
    for (std::size_t i = 0; i + shortest_piece <= size; ++i) {
      const auto most = std::min(longest_piece, size - i);
      auto h = gram_hash::step(gram_hash::piece, word_[i]);
      for (std::size_t n = shortest_piece; n <= most; ++n) {
        h = gram_hash::step(h, word_[i + n - 1]);
        add(h, i, i + n);
      }
    }
    if (size > longest_piece)
      add(whole, 0, size);
  }

  void add(std::uint64_t h, std::size_t first, std::size_t last) noexcept {
    if constexpr (WithPlaces)
      token_.places[token_.count] = {begins_[first], begins_[last]};
    token_.hashes[token_.count++] = gram_hash::finish(h);
  }

  void add_pair(std::uint64_t kind, std::uint64_t left, std::uint64_t right, std::uint32_t begin,
                std::uint32_t end) noexcept {
    if constexpr (WithPlaces)
      token_.places[token_.count] = {begin, end};
    token_.hashes[token_.count++] = gram_hash::finish(gram_hash::step(gram_hash::step(kind, left), right));
  }

  // A letter that stands alone may belong to a word that is spelled out.
  void spell(char32_t c) {
    if (spelled_ == spelled_letters_.size())
      end_spelled();
    if constexpr (WithPlaces)
      if (spelled_ == 0)
        spelled_at_ = begins_[1];
    spelled_letters_[spelled_++] = c;
  }

  void end_spelled() {
    const auto count = spelled_;
    spelled_ = 0;
    if (count < least_spelled)
      return;
    const auto keep_letters = letters_;
    const auto keep_word = word_;
    const auto keep_begins = begins_;
    const auto keep_digits = digits_;
    const auto keep_plain = plain_;
    std::copy_n(spelled_letters_.begin(), count, word_.begin() + 1);
    letters_ = count;
    if constexpr (WithPlaces)
      begins_.fill(spelled_at_);
    take_word(false);
    letters_ = keep_letters;
    word_ = keep_word;
    begins_ = keep_begins;
    digits_ = keep_digits;
    plain_ = keep_plain;
  }

  // A run of signs is over; `next` is what follows: white space, a letter that is not ASCII, or another.
  void end_signs(letter_kind next) {
    if (signs_ == 0)
      return;
    auto whole = gram_hash::signs;
    for (std::size_t i = 0; i < signs_; ++i)
      whole = gram_hash::step(whole, run_[i]);
    token_.count = 0;
    token_.end = at_;
    token_.word = 0;
    token_.units = after_signs_ != 0 ? 1 : 0; // signs alone fill a window too
    const auto worn = said_.is_worn(gram_hash::finish_wide(whole));
    if (!worn)
      add_pair(gram_hash::signs, whole, 0, signs_at_, at_);
    if (!worn || !previous_worn_)
      add_pair(gram_hash::signs, previous_, whole, previous_at_, at_);
    signs_worn_ = worn;
    const auto ends = ends_sentence({run_.data(), signs_}, next);
    after_signs_ = whole;
    signs_ = 0;
    sink_.take(token_);
    if (ends)
      end_sentence();
  }

  static bool ends_sentence(std::u32string_view run, letter_kind next) noexcept {
    const auto has = [run](std::u32string_view part) { return run.find(part) != run.npos; };
    if (next == letter_kind::space || next == letter_kind::line_end)
      if (run.find_first_of(U".!?") != run.npos)
        return true;
    if (next == letter_kind::letter && run.find_first_of(U"!?") != run.npos)
      return true;
    return has(U"|") || (has(U"//") && !has(U"://")) || has(U"/*") || has(U"*/") || has(U"<!--") ||
           has(U"-->") || has(U"</") || has(U"/>") || has(U"><") || has(U"\",\"") || has(U"```");
  }

  void end_sentence() {
    previous_ = gram_hash::sentence_start;
    after_signs_ = 0;
    if constexpr (WithPlaces)
      previous_at_ = at_;
    sink_.end_sentence();
  }

  static constexpr std::size_t least_spelled = 4;

  Sink& sink_;
  std::array<char32_t, most_letters + 2> word_{}; // with room for a mark at either end
  std::array<std::uint32_t, most_letters + 3> begins_{};
  std::size_t letters_ = 0;
  bool digits_ = false; // the word has some
  bool plain_ = false;  // the word has letters
  char32_t joint_ = 0;  // a sign between letters, or at a word's end
  std::uint32_t joint_at_ = 0;
  std::array<char32_t, 8> run_{}; // of signs
  std::size_t signs_ = 0;
  std::uint32_t signs_at_ = 0;
  std::uint64_t after_signs_ = 0; // the run right before the word
  std::array<char32_t, 24> spelled_letters_{};
  std::size_t spelled_ = 0;
  std::uint32_t spelled_at_ = 0;
  std::uint64_t previous_ = gram_hash::sentence_start; // the word before
  std::uint32_t previous_at_ = 0;
  bool previous_worn_ = false;
  bool signs_worn_ = false;
  word_memory said_;
  unsigned gap_ = 0;   // white space since the last token
  unsigned lines_ = 0; // line ends among it
  std::uint32_t at_ = 0;
  std::array<char, 4> bytes_{}; // of a character cut by a chunk's end
  std::size_t held_ = 0;
  token_grams token_;
};

} // namespace guardrails::checks::models
