// SQL cut into tokens, without its comments: what every dialect's parser starts from.
#pragma once

#include <guardrails/rails_config.hpp>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks::sql {

/// Where SQL stops being SQL. `problem` never quotes the text.
struct syntax_error {
  std::size_t offset = 0; ///< in bytes
  std::string problem;
};

enum class token_kind : std::uint8_t {
  word,   ///< keyword or plain name
  name,   ///< quoted name
  text,   ///< string, of whatever quoting
  number, ///< also a parameter such as $1
  symbol, ///< one punctuation character
};

struct token {
  token_kind kind = token_kind::symbol;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What distinguishes the dialects before grammar begins.
struct lexical_traits {
  bool backslash_escapes = false;   ///< in every string; with E'…' only where `escape_strings`
  bool escape_strings = false;      ///< E'…', which goes on after a line break
  bool hash_comments = false;       ///< # to the end of the line
  bool spaced_comments = false;     ///< -- begins one only with a blank behind it
  bool slash_comments = false;      ///< // to the end of the line, instead of --
  bool nested_comments = false;     ///< /* /* */ */
  bool backtick_names = false;      ///< `name`
  bool bracket_names = false;       ///< [name]
  bool double_quoted_texts = false; ///< "…" is a string, not a name
  bool dollar_quotes = false;       ///< $tag$ … $tag$
  bool q_quotes = false;            ///< q'[ … ]'
};

const lexical_traits& traits_of(sql_dialect dialect);

/// Reads tokens one after the other; linear in the length of `sql`, which it refers to.
class tokenizer {
public:
  tokenizer(std::string_view sql, const lexical_traits& traits)
    : sql_{sql}
    , traits_{traits} {}

  /// Where the next token begins, behind blanks and comments; nothing at the end or at an error.
  std::optional<std::size_t> find_next();

  /// The next token; nothing at the end or at an error.
  std::optional<token> next();

  /// Goes on at `pos`, which lies behind the last token.
  void skip_to(std::size_t pos) noexcept { pos_ = pos; }

  /// A string, a name or a comment that never ends.
  const std::optional<syntax_error>& error() const noexcept { return error_; }

private:
  char at(std::size_t pos) const noexcept { return pos < sql_.size() ? sql_[pos] : '\0'; }
  bool skip_blanks();
  bool begins_line_comment() const noexcept;
  void skip_line() noexcept;
  bool skip_comment();
  std::optional<token> take(token_kind kind, std::size_t begin, std::size_t end);
  std::optional<token> fail(std::size_t offset, std::string problem);
  std::optional<token> quoted(token_kind kind, std::size_t begin, std::size_t quote_at, bool escapes);
  std::optional<token> delimited(std::size_t begin, std::size_t body, std::string_view end);
  std::optional<token> word_or_prefixed();
  std::optional<token> number();
  std::optional<token> dollar();
  bool continues_after_line_break();

  std::string_view sql_;
  const lexical_traits& traits_;
  std::size_t pos_ = 0;
  std::optional<syntax_error> error_;
};

struct token_list {
  std::vector<token> tokens;
  std::optional<syntax_error> error;
};

token_list tokenize(std::string_view sql, const lexical_traits& traits);

/// The text of a token in upper case.
std::string upper_text(std::string_view sql, const token& t);

/// Whether `word` is one of `words`.
inline bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// Whether `t` is that punctuation character.
bool is_symbol(std::string_view sql, const token& t, char symbol) noexcept;

} // namespace guardrails::checks::sql
