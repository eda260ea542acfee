// Cuts a text into words and punctuation and says how each is written.
#pragma once

#include "checks/tagger/gazetteers.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace guardrails::checks::tagger {

/// What stands before a token.
enum class gap : std::uint8_t { nothing, space, line_end, blank_line };

/// How the words of a window are written: in a text without capitals a small letter says nothing.
enum class casing : std::uint8_t { unknown, small, mixed, titled, capitals };

/// A run of letters and digits, or one other character.
struct token {
  std::size_t begin = 0; ///< bytes of the text
  std::size_t end = 0;
  std::uint32_t word = 0; ///< hash of the case-folded word
  std::uint32_t prefix = 0;
  std::uint32_t suffix2 = 0;
  std::uint32_t suffix3 = 0;
  std::uint32_t shape = 0; ///< hash of the kinds of characters it is made of
  word_lists lists = 0;
  gap before = gap::nothing;
  bool is_word = false;
  bool starts_big = false;
  bool all_big = false; ///< two or more capitals and nothing else
  bool starts_sentence = false;
};

/// Reads tokens from a text, one after the other; linear, any bytes.
class tokeniser {
public:
  explicit tokeniser(std::string_view text) noexcept
    : text_{text} {}

  /// The next token, without its lists; nothing at the end of the text.
  bool next(token& out) noexcept;

private:
  gap skip_white_space() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  bool sentence_ended_ = true;
};

/// Looks up every token and the phrases they form.
void mark_lists(std::span<token> tokens, const gazetteers& lists) noexcept;

casing casing_of(std::span<const token> tokens) noexcept;

} // namespace guardrails::checks::tagger
