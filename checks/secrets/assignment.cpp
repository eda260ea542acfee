// Reads the notations of assignments; every step looks at a bounded number of bytes.
#include "checks/secrets/assignment.hpp"

#include "checks/secrets/ascii.hpp"

#include <algorithm>

namespace guardrails::checks::secrets {

namespace {

constexpr std::size_t most_space = 24;

bool is_name_character(char c) noexcept {
  return is_ascii_alnum(c) || c == '_' || c == '-' || c == '.';
}

bool is_quote(char c) noexcept {
  return c == '"' || c == '\'' || c == '`';
}

/// Reads on from a place in a text.
class reader {
public:
  reader(std::string_view text, std::size_t at)
    : text_{text}
    , at_{at} {}

  std::size_t at() const noexcept { return at_; }
  char next() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  std::string_view rest(std::size_t most) const { return text_.substr(at_, most); }

  bool skip(std::string_view literal) {
    const auto found = rest(literal.size()) == literal;
    at_ += found ? literal.size() : 0;
    return found;
  }

  template <class Predicate>
  std::size_t skip_while(Predicate belongs, std::size_t most) {
    const auto from = at_;
    while (at_ < text_.size() && at_ - from < most && belongs(text_[at_]))
      ++at_;
    return at_ - from;
  }

  std::size_t skip_blanks() {
    return skip_while([](char c) { return c == ' ' || c == '\t'; }, most_space);
  }

  std::size_t skip_space() {
    return skip_while([](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }, most_space);
  }

private:
  std::string_view text_;
  std::size_t at_;
};

// ` string` or `: str` between a name and `=`.
void skip_type(reader& in) {
  auto ahead = in;
  ahead.skip(":");
  ahead.skip_blanks();
  if (ahead.skip_while(is_ascii_letter, 12) == 0)
    return;
  ahead.skip_blanks();
  if (ahead.next() == '=')
    in = ahead;
}

// Past what says that a value follows; false when nothing does.
bool skip_operator(reader& in, bool is_option) {
  if (in.rest(2) == "\\\"") // a quote within a quoted text
    in.skip("\\");
  const auto closes_quote = is_quote(in.next());
  if (closes_quote)
    in.skip_while(is_quote, 1);
  if (closes_quote && in.skip(" value=")) // <add key="…" value="…">
    return true;
  if (in.skip("[")) { // char name[25] = …, name["…"] = …
    in.skip_while([](char c) { return is_ascii_digit(c) || c == ' '; }, 6);
    if (!in.skip("]"))
      return false;
  }
  in.skip("]");
  if (in.skip(">")) { // <name> value </name>, and not name->member
    in.skip_space();
    return true;
  }
  const auto blanks = in.skip_blanks();
  if (closes_quote && in.skip(",")) { // f("name", "value")
    in.skip_blanks();
    return is_quote(in.next());
  }
  if (in.skip("is ") || in.skip("is: ") || in.skip("was "))
    return blanks > 0;
  skip_type(in);
  const auto marks =
    in.skip_while([](char c) { return c == ':' || c == '=' || c == '?' || c == '.' || c == '!'; }, 4);
  if (marks > 0) {
    in.skip(">");
    in.skip_blanks();
    return true;
  }
  return is_option && blanks > 0;
}

bool ends_plain_value(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' || is_quote(c) || c == ',' || c == ';' || c == '<' ||
         c == '>' || c == ')' || c == '(' || c == '[' || c == ']' || c == '{' || c == '}' || c == '\\';
}

std::optional<assigned_place> read_quoted(std::string_view text, reader in) {
  const auto quote = in.next();
  const auto begin = in.at() + 1;
  const auto line = text.substr(begin, longest_value);
  const auto length = line.find_first_of(std::string{quote, '\n'});
  if (length == std::string_view::npos || line[length] != quote)
    return std::nullopt;
  // A closing quote that is escaped belongs to a text within a text.
  const auto end = begin + length - (length > 0 && line[length - 1] == '\\' ? 1 : 0);
  return assigned_place{{begin, end}, true, false};
}

std::optional<assigned_place> read_plain(std::string_view text, reader in) {
  const auto begin = in.at();
  in.skip_while([](char c) { return !ends_plain_value(c); }, longest_value);
  const auto stopped = in.next();
  auto end = in.at();
  while (end > begin &&
         (text[end - 1] == '.' || text[end - 1] == ':' || text[end - 1] == '!' || text[end - 1] == '?'))
    --end;
  const auto goes_on = stopped == '(' || stopped == '[' || stopped == '{';
  return assigned_place{{begin, end}, false, goes_on};
}

} // namespace

match_range name_around(std::string_view text, match_range inside) {
  auto begin = inside.begin;
  while (begin > 0 && inside.begin - begin < longest_name && is_name_character(text[begin - 1]))
    --begin;
  auto end = inside.end;
  while (end < text.size() && end - inside.begin < longest_name && is_name_character(text[end]))
    ++end;
  if (end - begin > longest_name)
    return {end, end};
  return {begin, end};
}

std::optional<assigned_place> value_after(std::string_view text, match_range name) {
  reader in{text, name.end};
  if (!skip_operator(in, text[name.begin] == '-'))
    return std::nullopt;
  in.skip("@"); // Objective-C's strings
  if (in.next() == '\\' && in.at() + 1 < text.size() && is_quote(text[in.at() + 1]))
    in.skip("\\");
  return is_quote(in.next()) ? read_quoted(text, in) : read_plain(text, in);
}

} // namespace guardrails::checks::secrets
