// Prose is full of sentences that begin with Select, Update or Create. Outside a fenced block a statement is
// taken for one only when something about it is no prose: capitals, a final semicolon, SQL's punctuation.
#include "checks/sql/statement_finder.hpp"

#include <algorithm>

namespace guardrails::checks::sql {

namespace {

// How far a line is looked at to say whether it begins a statement. A bound, since any line may be a
// candidate.
constexpr std::size_t preview_bytes = 384;

// How many lines, candidates or tokens are read between two questions whether to stop.
constexpr std::size_t steps_between_polls = 64;

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string upper(std::string_view text) {
  return upper_text(text, {token_kind::word, 0, text.size()});
}

// -- what begins like SQL

struct preview {
  std::string text; ///< in upper case
  std::vector<token> tokens;
  bool capitals = false;  ///< the verb is written in capitals
  bool semicolon = false; ///< one ends a line

  /// Empty where the token is no word, and behind the last one.
  std::string_view word(std::size_t i) const {
    if (i >= tokens.size() || tokens[i].kind != token_kind::word)
      return {};
    return std::string_view{text}.substr(tokens[i].begin, tokens[i].end - tokens[i].begin);
  }
  bool symbol(std::size_t i, char c) const { return i < tokens.size() && is_symbol(text, tokens[i], c); }
  std::size_t find(std::string_view w) const {
    std::size_t i = 0;
    while (i < tokens.size() && word(i) != w)
      ++i;
    return i;
  }
  bool has(std::string_view w) const { return find(w) < tokens.size(); }
  bool has_symbol(std::string_view any) const {
    return std::ranges::any_of(tokens, [&](const token& t) {
      return t.kind == token_kind::symbol && any.find(text[t.begin]) != std::string_view::npos;
    });
  }
};

bool ends_line(std::string_view text, std::size_t at) {
  const auto next = text.find_first_not_of(" \t`", at);
  return next == std::string_view::npos || text[next] == '\n' || text[next] == '\r';
}

preview look_at(std::string_view text, const lexical_traits& traits) {
  text = text.substr(0, preview_bytes);
  text = text.substr(0, text.find("\n\n"));
  preview p;
  p.text = upper(text);
  p.tokens.reserve(text.size() / 4);
  tokenizer reader{text, traits};
  while (const auto t = reader.next()) {
    p.tokens.push_back(*t);
    if (is_symbol(text, *t, ';') && ends_line(text, t->end)) {
      p.semicolon = true;
      break;
    }
  }
  p.capitals = text.starts_with(p.word(0));
  return p;
}

/// Words that follow a verb in prose: `Select the …`, `SELECT is …`.
bool is_prose(std::string_view word) {
  return one_of(word,
                {"THE",        "A",     "AN",      "YOUR",   "MY",      "OUR",     "THIS",     "THESE",
                 "THOSE",      "THAT",  "IS",      "ARE",    "WAS",     "ONE",     "ANY",      "SOME",
                 "WHICH",      "WHAT",  "ME",      "US",     "IT",      "AND",     "OR",       "STATEMENT",
                 "STATEMENTS", "QUERY", "QUERIES", "CLAUSE", "KEYWORD", "COMMAND", "COMMANDS", "KEYWORDS",
                 "TO",         "CAN",   "RETURNS", "FROM"});
}

/// Whether the word at `i` and the one behind it read like prose; a column may be called `a`.
bool reads_like_prose(const preview& p, std::size_t i) {
  return is_prose(p.word(i)) && !p.word(i + 1).empty() && !one_of(p.word(i + 1), {"FROM", "AS", "WHERE"});
}

bool is_select(const preview& p) {
  if (p.symbol(1, '*') || (p.tokens.size() > 1 && p.word(1).empty() && p.semicolon))
    return true;
  if (reads_like_prose(p, 1))
    return false;
  const auto from = p.find("FROM");
  if (from == p.tokens.size() || reads_like_prose(p, from + 1))
    return p.semicolon;
  return p.semicolon || p.capitals || p.has_symbol("*=<>(");
}

bool is_definition(const preview& p) {
  if (!one_of(p.word(1),
              {"TABLE",     "INDEX",    "VIEW",         "DATABASE",  "SCHEMA", "FUNCTION", "PROCEDURE",
               "TRIGGER",   "SEQUENCE", "TYPE",         "ROLE",      "USER",   "UNIQUE",   "TEMP",
               "TEMPORARY", "OR",       "MATERIALIZED", "EXTENSION", "COLUMN", "GLOBAL",   "VIRTUAL"}))
    return false;
  const std::size_t behind = p.word(1) == "OR" ? 3 : 2; // CREATE OR REPLACE
  return p.semicolon || (p.capitals && !is_prose(p.word(behind)));
}

bool is_statement(const preview& p) {
  const auto sure = p.capitals || p.semicolon;
  const auto verb = p.word(0);
  if (verb == "SELECT")
    return is_select(p);
  if (verb == "INSERT" || verb == "MERGE")
    return p.word(1) == "INTO" && !is_prose(p.word(2)) && (sure || p.has("VALUES"));
  if (verb == "UPDATE")
    return p.has("SET") && !is_prose(p.word(1)) && p.has_symbol("=");
  if (verb == "DELETE")
    return p.word(1) == "FROM" && !is_prose(p.word(2)) && (sure || p.has_symbol("=<>"));
  if (verb == "WITH") // WITH name AS (…), WITH name (columns) AS (…)
    return p.has("AS") && p.has_symbol("(") &&
           (p.word(2) == "AS" || p.word(1) == "RECURSIVE" || p.symbol(2, '('));
  if (verb == "TRUNCATE")
    return p.word(1) == "TABLE" && sure;
  if (verb == "GRANT" || verb == "REVOKE")
    return p.has("ON") && sure;
  if (verb == "EXPLAIN")
    return one_of(p.word(1), {"SELECT", "ANALYZE", "INSERT", "UPDATE", "DELETE"}) && sure;
  return one_of(verb, {"CREATE", "ALTER", "DROP"}) && is_definition(p);
}

bool is_shell_call(std::string_view text) {
  if (!text.starts_with("db."))
    return false;
  const auto name =
    text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$", 3);
  return name != std::string_view::npos && (text[name] == '(' || text[name] == '[');
}

/// Whether the first word is one that is_statement knows; any colon or backtick of a text may ask.
bool begins_like_verb(std::string_view text, const lexical_traits& traits) {
  constexpr std::size_t enough = 9; // the longest verb, and what shows that it ends
  text = text.substr(0, enough);
  const auto first = tokenizer{text, traits}.next();
  return first && first->kind == token_kind::word &&
         one_of(upper_text(text, *first),
                {"SELECT", "INSERT", "MERGE", "UPDATE", "DELETE", "WITH", "TRUNCATE", "GRANT", "REVOKE",
                 "EXPLAIN", "CREATE", "ALTER", "DROP"});
}

bool begins_source(std::string_view text, sql_dialect dialect) {
  if (text.empty() || (!is_letter(text[0])))
    return false;
  if (dialect == sql_dialect::mongodb)
    return is_shell_call(text);
  const auto& traits = traits_of(dialect);
  return begins_like_verb(text, traits) && is_statement(look_at(text, traits));
}

// -- where it ends

/// What a statement goes on with on its next line.
bool is_continuation(std::string_view line) {
  if (line.empty())
    return false;
  if (!is_letter(line[0]))
    return std::string_view{"#`>-*0123456789"}.find(line[0]) ==
           std::string_view::npos; // marks of lists and the like
  const auto word = upper(
    line.substr(0, std::min<std::size_t>(
                     line.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"), 12)));
  return one_of(word, {"FROM",    "WHERE",  "AND",       "OR",     "ORDER", "GROUP", "HAVING",    "LIMIT",
                       "OFFSET",  "JOIN",   "LEFT",      "RIGHT",  "INNER", "FULL",  "OUTER",     "CROSS",
                       "NATURAL", "ON",     "USING",     "VALUES", "SET",   "UNION", "EXCEPT",    "INTERSECT",
                       "MINUS",   "SELECT", "RETURNING", "WHEN",   "THEN",  "ELSE",  "END",       "CASE",
                       "AS",      "FETCH",  "FOR",       "WINDOW", "WITH",  "INTO",  "PARTITION", "NOT"});
}

/// Whether a line ends where a statement cannot.
bool ends_open(std::string_view line) {
  const auto last = line.find_last_not_of(" \t\r");
  if (last == std::string_view::npos)
    return false;
  if (!is_letter(line[last]))
    return std::string_view{",(=<>+*/|"}.find(line[last]) != std::string_view::npos;
  const auto begin = line.find_last_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", last) + 1;
  return one_of(upper(line.substr(begin, std::min<std::size_t>(last + 1 - begin, 12))),
                {"SELECT", "FROM", "WHERE", "AND", "OR", "BY", "SET", "ON", "VALUES", "JOIN", "AS", "HAVING",
                 "DISTINCT", "INTO", "UNION", "ALL", "IN"});
}

class finder {
public:
  finder(std::string_view text, sql_dialect dialect, const stop_function& stop)
    : text_{text}
    , dialect_{dialect}
    , stop_{stop} {}

  std::vector<source> run() {
    while (pos_ < text_.size() && !stopped()) {
      const auto line_begins = pos_ == 0 || text_[pos_ - 1] == '\n';
      if (const auto ticks = line_begins ? fence_at(pos_) : 0; ticks > 0)
        take_block(ticks);
      else
        search_line();
    }
    return std::move(sources_);
  }

private:
  bool stopped() {
    if (!stopped_ && stop_ && ++steps_ % steps_between_polls == 0)
      stopped_ = stop_();
    return stopped_;
  }

  std::size_t line_end(std::size_t pos) const { return std::min(text_.find('\n', pos), text_.size()); }
  std::size_t next_line(std::size_t pos) const { return std::min(line_end(pos) + 1, text_.size()); }
  std::size_t skip_blanks(std::size_t pos) const {
    return std::min(text_.find_first_not_of(" \t", pos), text_.size());
  }

  void add(std::size_t begin, std::size_t end) {
    if (begin < end)
      sources_.push_back({begin, end});
  }

  // -- fenced blocks

  /// The length of the fence that begins in the line at `pos`; 0: none.
  std::size_t fence_at(std::size_t pos) const {
    const auto begin = skip_blanks(pos);
    if (begin >= text_.size() || (text_[begin] != '`' && text_[begin] != '~'))
      return 0;
    const auto end = std::min(text_.find_first_not_of(text_[begin], begin), text_.size());
    return end - begin >= 3 ? end - begin : 0;
  }

  bool closes(std::size_t pos, char mark, std::size_t ticks) const {
    const auto begin = skip_blanks(pos);
    return begin < text_.size() && text_[begin] == mark && fence_at(pos) >= ticks;
  }

  void take_block(std::size_t ticks) {
    const auto fence = skip_blanks(pos_);
    const auto info_end = line_end(pos_);
    const auto language =
      first_word(text_.substr(fence + ticks, info_end - std::min(fence + ticks, info_end)));
    const auto begin = next_line(pos_);
    auto end = begin;
    while (end < text_.size() && !closes(end, text_[fence], ticks) && !stopped())
      end = next_line(end);
    if (is_ours(language) ||
        (language.empty() && begins_source(text_.substr(skip_all_blanks(begin, end)), dialect_)))
      add(begin, end);
    pos_ = end < text_.size() ? next_line(end) : end;
  }

  std::size_t skip_all_blanks(std::size_t begin, std::size_t end) const {
    return std::min(text_.find_first_not_of(" \t\r\n", begin), end);
  }

  static std::string first_word(std::string_view info) {
    const auto begin = std::min(info.find_first_not_of(" \t"), info.size());
    const auto end = std::min(info.find_first_of(" \t\r{", begin), info.size());
    return upper(info.substr(begin, std::min<std::size_t>(end - begin, 16)));
  }

  bool is_ours(std::string_view language) const {
    if (dialect_ == sql_dialect::mongodb)
      return one_of(language, {"MONGODB", "MONGO", "MONGOSH"});
    return one_of(language,
                  {"SQL", "POSTGRESQL", "POSTGRES", "PGSQL", "MYSQL", "MARIADB", "TSQL", "T-SQL", "MSSQL",
                   "SQLSERVER", "SQLITE", "SQLITE3", "ORACLE", "PLSQL", "PL/SQL", "REDSHIFT"});
  }

  // -- prose

  /// Looks for a statement in the line at pos_, and goes on behind it, or in the next line.
  void search_line() {
    if (line_end_ <= pos_)
      line_end_ = line_end(pos_);
    const auto end = line_end_;
    for (auto begin = skip_marks(pos_); begin < end && !stopped(); begin = next_start(begin, end)) {
      if (begins_source(text_.substr(begin), dialect_))
        return take_statement(begin);
    }
    pos_ = std::min(end + 1, text_.size());
  }

  void take_statement(std::size_t begin) {
    const auto [end, next] = statement_at(begin);
    add(begin, end);
    pos_ = std::max(next, begin + 1);
    if (pos_ < text_.size() && (text_[pos_] == ';' || text_[pos_] == '`'))
      ++pos_;
  }

  /// Behind list marks, quotation marks and blanks.
  std::size_t skip_marks(std::size_t pos) const {
    return std::min(text_.find_first_not_of(" \t\r>-*0123456789.)`\"(", pos), text_.size());
  }

  /// The next place in a line where a statement may begin: behind a colon or in backticks.
  std::size_t next_start(std::size_t pos, std::size_t end) const {
    const auto mark = text_.substr(0, end).find_first_of(":`", pos);
    return mark == std::string_view::npos ? end : std::min(text_.find_first_not_of(" \t`\":", mark), end);
  }

  struct extent {
    std::size_t end = 0;
    std::size_t next = 0; ///< behind the comments that follow, which nobody has to read again
  };

  extent statement_at(std::size_t begin) {
    if (paragraph_end_ <= begin)
      paragraph_end_ = paragraph_end(begin);
    const auto in_backticks = begin > 0 && text_[begin - 1] == '`';
    const auto limit =
      in_backticks ? std::min(text_.substr(0, line_end_).find('`', begin), line_end_) : paragraph_end_;
    const auto piece = text_.substr(begin, limit - begin);
    tokenizer reader{piece, traits_of(dialect_)};
    std::size_t depth = 0;
    std::size_t end = 0; // of the last token
    while (const auto next = stopped() ? std::nullopt : reader.find_next()) {
      // Asked before the token is read: it may be a string that is as long as the text.
      const auto broken =
        depth == 0 && end > 0 && piece.substr(end, *next - end).find('\n') != std::string_view::npos;
      if (broken && !goes_on(begin + end, begin + *next))
        return {begin + end, begin + *next};
      const auto t = reader.next();
      if (!t)
        break;
      const auto c = t->kind == token_kind::symbol ? piece[t->begin] : '\0';
      if (c == ';')
        return {begin + t->begin, begin + t->begin};
      depth = c == '(' ? depth + 1 : c == ')' && depth > 0 ? depth - 1 : depth;
      end = t->end;
    }
    return {reader.error() ? limit : begin + end, limit};
  }

  bool goes_on(std::size_t end, std::size_t next) const {
    const auto indented = next > 0 && (text_[next - 1] == ' ' || text_[next - 1] == '\t');
    if (dialect_ == sql_dialect::mongodb)
      return !is_letter(text_[next]);
    const auto tail = std::min<std::size_t>(end, 64);
    return indented || ends_open(text_.substr(end - tail, tail)) || is_continuation(text_.substr(next, 64));
  }

  /// The next blank line or fence.
  std::size_t paragraph_end(std::size_t pos) const {
    for (pos = line_end(pos); pos < text_.size(); pos = line_end(pos + 1)) {
      const auto line = skip_blanks(pos + 1);
      if (line >= text_.size() || text_[line] == '\n' || text_[line] == '\r' || fence_at(pos + 1) > 0)
        break;
    }
    return std::min(pos, text_.size());
  }

  std::string_view text_;
  sql_dialect dialect_;
  const stop_function& stop_;
  bool stopped_ = false;
  std::size_t steps_ = 0;
  std::size_t pos_ = 0;
  std::size_t line_end_ = 0;      ///< of the line that is searched
  std::size_t paragraph_end_ = 0; ///< of the paragraph that is searched
  std::vector<source> sources_;
};

} // namespace

std::vector<source> find_sources(std::string_view text, sql_dialect dialect, const stop_function& stop) {
  return finder{text, dialect, stop}.run();
}

} // namespace guardrails::checks::sql
