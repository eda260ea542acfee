// PostgreSQL's own parser through libpg_query. Of its entry points the one that splits statements is used: it
// parses and then walks over the statements only, where the others recurse through the whole tree and can
// overflow the stack. The parser itself keeps its stack on the heap and gives up 10,000 levels deep.
#include "checks/sql/parsers.hpp"

#include <pg_query.h>

#include <algorithm>
#include <memory>

namespace guardrails::checks::sql {

namespace {

// PostgreSQL's NAMEDATALEN - 1. Its scanner reads a run of operator characters again for each of them.
constexpr std::size_t longest_operator = 63;
constexpr std::string_view operator_characters = "~!@#^&|`?+-*/%<>=";

/// The tokens where they stood, blanks for everything else: the scanner's time on comments that hold comment
/// marks is quadratic.
std::string without_comments(std::string_view sql, const std::vector<token>& tokens) {
  std::string plain(sql.size(), ' ');
  std::size_t end = 0;
  const auto keep_line_breaks = [&](std::size_t begin, std::size_t stop) {
    for (auto i = begin; i < stop; ++i)
      if (sql[i] == '\n')
        plain[i] = '\n';
  };
  for (const auto& t : tokens) {
    keep_line_breaks(end, t.begin);
    std::copy_n(sql.data() + t.begin, t.end - t.begin, plain.data() + t.begin);
    end = t.end;
  }
  keep_line_breaks(end, sql.size());
  return plain;
}

std::optional<syntax_error> find_long_operator(std::string_view sql, const std::vector<token>& tokens) {
  std::size_t run = 0;
  std::size_t end = 0;
  for (const auto& t : tokens) {
    const auto part =
      t.kind == token_kind::symbol && operator_characters.find(sql[t.begin]) != std::string_view::npos;
    run = !part ? 0 : t.begin == end ? run + 1 : 1;
    end = t.end;
    if (run > longest_operator)
      return syntax_error{t.begin + 1 - run, "an operator is too long"};
  }
  return std::nullopt;
}

/// The parser's sentence without what it quotes of the text.
std::string without_quotation(std::string_view message) {
  if (const auto near = message.find(" at or near \""); near != std::string_view::npos)
    message = message.substr(0, near);
  if (message.starts_with("memory exhausted"))
    return "nested too deeply";
  const auto first = message.find('"');
  const auto last = message.rfind('"');
  std::string plain{message.substr(0, first)};
  if (first < last && last != std::string_view::npos)
    plain.append("\"…\"").append(message.substr(last + 1));
  return plain;
}

/// The byte in front of which `characters` characters stand.
std::size_t offset_of_character(std::string_view text, std::size_t characters) noexcept {
  std::size_t pos = 0;
  for (; pos < text.size(); ++pos)
    if ((static_cast<unsigned char>(text[pos]) & 0xc0) != 0x80 && characters-- == 0)
      break;
  return pos;
}

class split_result {
public:
  explicit split_result(const std::string& sql)
    : result_{pg_query_split_with_parser(sql.c_str())} {}
  ~split_result() { pg_query_free_split_result(result_); }
  split_result(const split_result&) = delete;
  split_result& operator=(const split_result&) = delete;

  const PgQueryError* error() const noexcept { return result_.error; }

private:
  PgQuerySplitResult result_;
};

} // namespace

std::optional<syntax_error> find_postgresql_error(std::string_view sql) {
  const auto [tokens, unfinished] = tokenize(sql, traits_of(sql_dialect::postgresql));
  if (unfinished)
    return unfinished;
  if (auto found = find_long_operator(sql, tokens))
    return found;
  const auto plain = without_comments(sql, tokens);
  const split_result result{plain};
  if (!result.error())
    return std::nullopt;
  const auto position = std::max(result.error()->cursorpos, 1);
  return syntax_error{offset_of_character(plain, static_cast<std::size_t>(position) - 1),
                      without_quotation(result.error()->message)};
}

} // namespace guardrails::checks::sql
