// Reads the notations of assignments; every step but whole() looks at a bounded number of bytes.
#include "checks/secrets/assignment.hpp"

#include "checks/secrets/ascii.hpp"
#include "checks/secrets/assigned_name.hpp"
#include "checks/secrets/boundary.hpp"
#include "checks/secrets/unescaped.hpp"

#include <algorithm>

namespace guardrails::checks::secrets {

namespace {

constexpr std::size_t most_space = 24;

bool is_name_character(char c) noexcept {
  return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.';
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

// Marks that end emphasis, `**Name**:` and `**Name:** value`, where what `follows` says comes next.
void skip_emphasis(reader& in, std::string_view follows) {
  auto ahead = in;
  if (ahead.skip_while([](char c) { return c == '*' || c == '_'; }, longest_emphasis) > 0 &&
      follows.find(ahead.next()) != std::string_view::npos)
    in = ahead;
}

// Past what says that a value follows; false when nothing does.
bool skip_operator(reader& in, bool is_option) {
  skip_emphasis(in, " :=");
  if (in.rest(2) == "\\\"") // a quote within a quoted text
    in.skip("\\");
  const auto closes_quote = is_quote(in.next());
  if (closes_quote)
    in.skip_while(is_quote, 1);
  if (closes_quote && in.skip(" value=")) // <add key="…" value="…">
    return true;
  if (in.skip("[")) { // char name[25] = …, name["…"] = …
    in.skip_while([](char c) { return is_digit(c) || c == ' '; }, 6);
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
    skip_emphasis(in, " \t");
    in.skip_blanks();
    return true;
  }
  return is_option && blanks > 0;
}

bool ends_plain_value(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' || is_quote(c) || c == ',' || c == ';' || c == '<' ||
         c == '>' || c == ')' || c == '(' || c == '[' || c == ']' || c == '{' || c == '}' || c == '\\';
}

// In a text within a text, where quotes are `\"`: the quote that one backslash precedes, not three as in a
// text within that; a bare one ends the text around.
std::size_t end_of_escaped_quotes(std::string_view line, char quote) {
  for (auto at = line.find(quote); at != std::string_view::npos; at = line.find(quote, at + 1)) {
    const auto before = line.substr(0, at);
    const auto backslashes = at - (before.find_last_not_of('\\') + 1);
    if (backslashes < 3)
      return at - std::min<std::size_t>(backslashes, 1);
  }
  return std::string_view::npos;
}

// A backslash may also be the value's last character: not every language escapes with it.
std::size_t end_of_quotes(std::string_view line, char quote) {
  const auto end = find_unescaped(line, {&quote, 1});
  if (end != std::string_view::npos)
    return end;
  const auto escaped = line.find(quote);
  return escaped == std::string_view::npos ? escaped : escaped - 1;
}

std::optional<assigned_place> read_quoted(std::string_view text, reader in) {
  const auto quote = in.next();
  const auto begin = in.at() + 1;
  const auto ahead = text.substr(begin, longest_quoted_value + 1);
  const auto line = ahead.substr(0, ahead.find('\n'));
  const auto within_text = in.at() > 0 && text[in.at() - 1] == '\\';
  const auto length = within_text ? end_of_escaped_quotes(line, quote) : end_of_quotes(line, quote);
  if (length == std::string_view::npos)
    return std::nullopt;
  return assigned_place{{begin, begin + length}, true};
}

// Without what ends a sentence.
std::size_t without_full_stop(std::string_view text, match_range value) {
  while (value.end > value.begin &&
         std::string_view{".:!?"}.find(text[value.end - 1]) != std::string_view::npos)
    --value.end;
  return value.end;
}

std::optional<assigned_place> read_plain(std::string_view text, reader in) {
  const auto begin = in.at();
  const auto length = in.skip_while([](char c) { return !ends_plain_value(c); }, longest_plain_value);
  if (length == longest_plain_value && in.at() < text.size() && !ends_plain_value(in.next()))
    return assigned_place{{begin, in.at()}, false, false, true};
  const auto stopped = in.next();
  const auto goes_on = stopped == '(' || stopped == '[' || stopped == '{';
  return assigned_place{{begin, without_full_stop(text, {begin, in.at()})}, false, goes_on};
}

// `API key`: where the word before `key` begins, if it makes that a secret.
std::size_t with_owner_of_key(std::string_view text, match_range name) {
  if (!equals_folded(text.substr(name.begin, name.end - name.begin), "key") || name.begin < 2 ||
      text[name.begin - 1] != ' ')
    return name.begin;
  auto begin = name.begin - 1;
  while (begin > 0 && name.begin - begin < longest_name && is_ascii_letter(text[begin - 1]))
    --begin;
  const auto both = read_name(text.substr(begin, name.end - begin));
  return both.what == announced::token ? begin : name.begin;
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
  return {with_owner_of_key(text, {begin, end}), end};
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

match_range whole(std::string_view text, const assigned_place& place) {
  auto where = place.where;
  if (!place.is_cut)
    return where;
  while (where.end < text.size() && !ends_plain_value(text[where.end]))
    ++where.end;
  return {where.begin, without_full_stop(text, where)};
}

} // namespace guardrails::checks::secrets
