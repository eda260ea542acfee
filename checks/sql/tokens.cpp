// One pass over the bytes; what is not ASCII counts as a letter.
#include "checks/sql/tokens.hpp"

#include <guardrails/ascii.hpp>

#include <algorithm>
#include <utility>

namespace guardrails::checks::sql {

namespace {

bool starts_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

char closing(char opening) noexcept {
  switch (opening) {
  case '[':
    return ']';
  case '(':
    return ')';
  case '{':
    return '}';
  case '<':
    return '>';
  default:
    return opening;
  }
}

} // namespace

const lexical_traits& traits_of(sql_dialect dialect) {
  static constexpr lexical_traits postgresql{
    .escape_strings = true, .nested_comments = true, .dollar_quotes = true};
  static constexpr lexical_traits mysql{.backslash_escapes = true,
                                        .hash_comments = true,
                                        .spaced_comments = true,
                                        .backtick_names = true,
                                        .double_quoted_texts = true};
  static constexpr lexical_traits sqlserver{.nested_comments = true, .bracket_names = true};
  static constexpr lexical_traits sqlite{.backtick_names = true, .bracket_names = true};
  static constexpr lexical_traits oracle{.q_quotes = true};
  static constexpr lexical_traits mongodb{
    .backslash_escapes = true, .slash_comments = true, .double_quoted_texts = true};
  switch (dialect) {
  case sql_dialect::mysql:
    return mysql;
  case sql_dialect::sqlserver:
    return sqlserver;
  case sql_dialect::sqlite:
    return sqlite;
  case sql_dialect::oracle:
    return oracle;
  case sql_dialect::mongodb:
    return mongodb;
  case sql_dialect::postgresql:
  case sql_dialect::redshift:
    break;
  }
  return postgresql;
}

std::optional<token> tokenizer::take(token_kind kind, std::size_t begin, std::size_t end) {
  pos_ = end;
  return token{kind, begin, end};
}

std::optional<token> tokenizer::fail(std::size_t offset, std::string problem) {
  error_ = syntax_error{offset, std::move(problem)};
  pos_ = sql_.size();
  return std::nullopt;
}

bool tokenizer::begins_line_comment() const noexcept {
  if (sql_[pos_] == '#')
    return traits_.hash_comments;
  const auto mark = traits_.slash_comments ? '/' : '-';
  return sql_[pos_] == mark && at(pos_ + 1) == mark &&
         (!traits_.spaced_comments || pos_ + 2 >= sql_.size() || is_blank(sql_[pos_ + 2]));
}

void tokenizer::skip_line() noexcept {
  pos_ = std::min(sql_.find('\n', pos_), sql_.size());
}

/// False: the comment does not end.
bool tokenizer::skip_comment() {
  const auto begin = pos_;
  std::size_t depth = 1;
  for (pos_ += 2; depth > 0;) {
    const auto mark = sql_.find_first_of("*/", pos_);
    if (mark >= sql_.size() - 1) { // also npos: a mark in the last byte ends nothing
      fail(begin, "a comment does not end");
      return false;
    }
    const auto pair = sql_.substr(mark, 2);
    const auto opens = pair == "/*" && traits_.nested_comments;
    depth = pair == "*/" ? depth - 1 : opens ? depth + 1 : depth;
    pos_ = mark + (pair == "*/" || opens ? 2 : 1);
  }
  return true;
}

/// False: nothing can follow.
bool tokenizer::skip_blanks() {
  while (pos_ < sql_.size()) {
    const auto c = sql_[pos_];
    if (is_blank(c))
      ++pos_;
    else if (begins_line_comment())
      skip_line();
    else if (c == '/' && at(pos_ + 1) == '*') {
      if (!skip_comment())
        return false;
    } else
      return true;
  }
  return false;
}

/// PostgreSQL goes on with a string that begins again on a later line, in the same way of escaping.
bool tokenizer::continues_after_line_break() {
  auto pos = pos_;
  bool line_break = false;
  while (pos < sql_.size()) {
    if (is_blank(sql_[pos]))
      line_break |= sql_[pos++] == '\n';
    else if (sql_[pos] == '-' && at(pos + 1) == '-')
      pos = std::min(sql_.find('\n', pos), sql_.size());
    else
      break;
  }
  if (!line_break || at(pos) != '\'')
    return false;
  pos_ = pos;
  return true;
}

std::optional<token> tokenizer::quoted(token_kind kind, std::size_t begin, std::size_t quote_at,
                                       bool escapes) {
  const auto quote = closing(sql_[quote_at]);
  for (pos_ = quote_at + 1; pos_ < sql_.size(); ++pos_) {
    if (escapes && sql_[pos_] == '\\')
      ++pos_;
    else if (sql_[pos_] == quote) {
      if (at(pos_ + 1) != quote) {
        ++pos_;
        if (!escapes || !traits_.escape_strings || !continues_after_line_break())
          return token{kind, begin, pos_};
      } else
        ++pos_;
    }
  }
  return fail(begin, kind == token_kind::name ? "a quoted name does not end" : "a string does not end");
}

std::optional<token> tokenizer::delimited(std::size_t begin, std::size_t body, std::string_view end) {
  const auto found = sql_.find(end, body);
  if (found == std::string_view::npos)
    return fail(begin, "a string does not end");
  return take(token_kind::text, begin, found + end.size());
}

std::optional<token> tokenizer::word_or_prefixed() {
  const auto begin = pos_;
  auto end = begin + 1;
  while (end < sql_.size() && (starts_word(sql_[end]) || is_digit(sql_[end]) || sql_[end] == '$'))
    ++end;
  if (at(end) == '\'') {
    const auto prefix = upper_text(sql_, {token_kind::word, begin, end});
    if (prefix == "E" && traits_.escape_strings)
      return quoted(token_kind::text, begin, end, true);
    if ((prefix == "Q" || prefix == "NQ") && traits_.q_quotes && end + 1 < sql_.size()) {
      const std::string ending{closing(sql_[end + 1]), '\''};
      return delimited(begin, end + 2, ending);
    }
  }
  return take(token_kind::word, begin, end);
}

std::optional<token> tokenizer::number() {
  const auto begin = pos_;
  auto end = begin + 1;
  while (end < sql_.size() && (is_digit(sql_[end]) || starts_word(sql_[end]) || sql_[end] == '.' ||
                               ((sql_[end] == '+' || sql_[end] == '-') && upper(sql_[end - 1]) == 'E' &&
                                upper(at(begin + 1)) != 'X')))
    ++end;
  return take(token_kind::number, begin, end);
}

std::optional<token> tokenizer::dollar() {
  const auto begin = pos_;
  if (is_digit(at(begin + 1)))
    return number();
  auto end = begin + 1;
  while (end < sql_.size() && (starts_word(sql_[end]) || is_digit(sql_[end])))
    ++end;
  if (at(end) != '$')
    return take(token_kind::symbol, begin, begin + 1);
  return delimited(begin, end + 1, sql_.substr(begin, end + 1 - begin));
}

std::optional<std::size_t> tokenizer::find_next() {
  if (error_ || !skip_blanks())
    return std::nullopt;
  return pos_;
}

std::optional<token> tokenizer::next() {
  if (!find_next())
    return std::nullopt;
  const auto c = sql_[pos_];
  if (c == '\'')
    return quoted(token_kind::text, pos_, pos_, traits_.backslash_escapes);
  if (c == '"')
    return quoted(traits_.double_quoted_texts ? token_kind::text : token_kind::name, pos_, pos_,
                  traits_.double_quoted_texts && traits_.backslash_escapes);
  if ((c == '`' && traits_.backtick_names) || (c == '[' && traits_.bracket_names))
    return quoted(token_kind::name, pos_, pos_, false);
  if (c == '$' && traits_.dollar_quotes)
    return dollar();
  if (starts_word(c))
    return word_or_prefixed();
  if (is_digit(c))
    return number();
  return take(token_kind::symbol, pos_, pos_ + 1);
}

token_list tokenize(std::string_view sql, const lexical_traits& traits) {
  token_list list;
  tokenizer reader{sql, traits};
  while (const auto t = reader.next())
    list.tokens.push_back(*t);
  list.error = reader.error();
  return list;
}

std::string upper_text(std::string_view sql, const token& t) {
  std::string text{sql.substr(t.begin, t.end - t.begin)};
  std::ranges::transform(text, text.begin(), upper);
  return text;
}

bool is_symbol(std::string_view sql, const token& t, char symbol) noexcept {
  return t.kind == token_kind::symbol && sql[t.begin] == symbol;
}

} // namespace guardrails::checks::sql
