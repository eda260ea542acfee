// A subset of the grammar of MySQL, SQL Server and Oracle: which statements there are, the order of a query's
// clauses, and what may not follow what. It has no recursion: parentheses are kept in a list.
#include "checks/sql/parsers.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace guardrails::checks::sql {

namespace {

using word_view = std::string_view;

bool one_of(word_view word, std::initializer_list<word_view> words) {
  return std::ranges::find(words, word) != words.end();
}

constexpr std::size_t longest_keyword = 16;

bool is_verb(sql_dialect dialect, word_view word) {
  if (one_of(word,
             {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "CREATE", "ALTER", "DROP", "GRANT",
              "REVOKE", "TRUNCATE", "COMMIT", "ROLLBACK", "EXPLAIN", "SET", "SAVEPOINT", "BEGIN", "DECLARE"}))
    return true;
  switch (dialect) {
  case sql_dialect::mysql:
    return one_of(word,
                  {"REPLACE", "SHOW",      "DESCRIBE",   "DESC",     "USE",     "CALL",   "START", "LOCK",
                   "UNLOCK",  "ANALYZE",   "OPTIMIZE",   "CHECK",    "REPAIR",  "RENAME", "LOAD",  "PREPARE",
                   "EXECUTE", "DO",        "HANDLER",    "VALUES",   "TABLE",   "FLUSH",  "KILL",  "RESET",
                   "RELEASE", "DELIMITER", "DEALLOCATE", "CHECKSUM", "INSTALL", "XA",     "SIGNAL"});
  case sql_dialect::sqlserver:
    return one_of(word, {"EXEC",   "EXECUTE",   "USE",        "IF",          "WHILE",   "PRINT",
                         "RETURN", "DBCC",      "DENY",       "BACKUP",      "RESTORE", "WAITFOR",
                         "OPEN",   "FETCH",     "CLOSE",      "DEALLOCATE",  "BULK",    "SAVE",
                         "THROW",  "RAISERROR", "UPDATETEXT", "RECONFIGURE", "KILL",    "GOTO"});
  default:
    return one_of(word, {"EXEC", "EXECUTE", "CALL", "LOCK", "RENAME", "COMMENT", "ANALYZE", "AUDIT", "PURGE",
                         "FLASHBACK", "DESC", "DESCRIBE", "PROMPT", "NOAUDIT"});
  }
}

/// The place of a clause in a query; 0: no clause whose place is checked.
int rank_of(word_view word) {
  static constexpr std::array<word_view, 7> clauses{"SELECT", "FROM",  "WHERE", "GROUP",
                                                    "HAVING", "ORDER", "LIMIT"};
  const auto found = std::ranges::find(clauses, word);
  return found == clauses.end() ? 0 : static_cast<int>(found - clauses.begin()) + 1;
}

constexpr int select_rank = 1;
constexpr int from_rank = 2;

bool is_set_operator(word_view word) {
  return one_of(word, {"UNION", "INTERSECT", "EXCEPT", "MINUS"});
}

/// What cannot end a statement or stand before another clause.
bool wants_operand(word_view word) {
  return one_of(word, {"SELECT", "FROM", "WHERE", "HAVING",  "AND",  "OR",    "NOT",       "ON",     "BY",
                       "JOIN",   "IN",   "LIKE",  "BETWEEN", "INTO", "UNION", "INTERSECT", "EXCEPT", "MINUS",
                       "WHEN",   "THEN", "ELSE",  "AS",      "IS",   "LIMIT", "USING"});
}

/// What cannot stand where an operand is wanted.
bool is_no_operand(word_view word) {
  return one_of(word, {"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "AND", "OR", "UNION",
                       "INTERSECT", "ON", "JOIN", "WHEN", "THEN", "ELSE", "END", "INNER", "AS", "USING"});
}

/// What may follow a table's name in FROM without being its alias.
bool follows_table(word_view word) {
  return rank_of(word) != 0 || is_set_operator(word) || wants_operand(word) ||
         one_of(word, {"INNER",     "LEFT",        "RIGHT",       "FULL",     "OUTER",
                       "CROSS",     "NATURAL",     "LATERAL",     "APPLY",    "STRAIGHT_JOIN",
                       "WITH",      "USE",         "FORCE",       "IGNORE",   "INDEX",
                       "KEY",       "PARTITION",   "TABLESAMPLE", "SAMPLE",   "PIVOT",
                       "UNPIVOT",   "FOR",         "OF",          "CONNECT",  "START",
                       "MODEL",     "VERSIONS",    "WINDOW",      "OPTION",   "LOCK",
                       "SHARE",     "MODE",        "TABLE",       "UPDATE",   "ONLY",
                       "SET",       "VALUES",      "FETCH",       "OFFSET",   "MATCH_RECOGNIZE",
                       "RETURNING", "SYSTEM_TIME", "OUTPUT",      "PROCEDURE"});
}

struct level {
  std::size_t open = 0;  ///< where its parenthesis stands
  int rank = 0;          ///< of the last clause; 0: no query
  bool wildcard = false; ///< the last token is the * of a select list
  std::size_t names = 0; ///< in a row, in FROM
};

class clause_reader {
public:
  clause_reader(sql_dialect dialect, std::string_view sql)
    : dialect_{dialect}
    , sql_{sql} {}

  std::optional<syntax_error> run() {
    const auto [tokens, unfinished] = tokenize(sql_, traits_of(dialect_));
    for (std::size_t i = 0; i < tokens.size() && !error_; ++i)
      read(tokens[i], i + 1 < tokens.size() ? &tokens[i + 1] : nullptr);
    if (!error_ && unfinished)
      return unfinished;
    if (!error_)
      end_statement(sql_.size());
    return error_;
  }

private:
  void fail(std::size_t offset, std::string problem) {
    if (!error_)
      error_ = syntax_error{offset, std::move(problem)};
  }

  void read(const token& t, const token* following) {
    if (t.kind == token_kind::symbol)
      return symbol(t, following);
    if (t.kind == token_kind::word && !after_dot_) {
      const auto word = t.end - t.begin <= longest_keyword ? upper_text(sql_, t) : std::string{};
      if (is_separator(t, word))
        return end_statement(t.begin);
      if (words_ == 0)
        begin_statement(t, word);
      ++words_;
      return keyword(t, word, following);
    }
    if (words_ == 0)
      return fail(t.begin, "no statement begins like this");
    operand(t);
  }

  // -- statements

  bool is_separator(const token& t, word_view word) const {
    if (dialect_ != sql_dialect::sqlserver || word != "GO")
      return false;
    const auto before = sql_.substr(0, t.begin).find_last_not_of(" \t");
    return before == std::string_view::npos || sql_[before] == '\n';
  }

  void begin_statement(const token& t, word_view word) {
    if (!is_verb(dialect_, word) && !procedural_)
      fail(t.begin, "no statement of this dialect begins like this");
    verb_ = word;
    set_seen_ = values_seen_ = false;
    procedural_ |= one_of(word, {"DECLARE", "IF", "WHILE", "DELIMITER"});
  }

  void end_statement(std::size_t at) {
    if (levels_.size() > 1)
      return fail(levels_.back().open, "a parenthesis is not closed");
    if (!procedural_ && words_ > 0) {
      if (wants_operand_)
        fail(at, "the statement ends where something must follow");
      else if (verb_ == "UPDATE" && !set_seen_)
        fail(at, "UPDATE without SET");
      else if ((verb_ == "INSERT" || verb_ == "REPLACE") && !values_seen_)
        fail(at, verb_ + " without values");
      else if (words_ == 1 &&
               one_of(verb_, {"INSERT", "DELETE", "CREATE", "ALTER", "DROP", "GRANT", "TRUNCATE"}))
        fail(at, "the statement ends after its first word");
    }
    words_ = 0;
    levels_.assign(1, {});
    wants_operand_ = after_dot_ = false;
  }

  // -- words

  void keyword(const token& t, word_view word, const token* following) {
    notice(word);
    auto& here = levels_.back();
    if (procedural_)
      return;
    if (here.wildcard && !(rank_of(word) != 0 || is_set_operator(word) ||
                           one_of(word, {"INTO", "BULK", "FOR", "FETCH", "OFFSET", "OPTION", "AS"})))
      return fail(t.begin, "FROM is expected after *");
    if (wants_operand_ && (is_no_operand(word) || is_set_operator(word)) && !follows_freely(word))
      return fail(t.begin, "something is missing before " + std::string{word});
    if ((word == "GROUP" || word == "ORDER") && here.rank > 0 && !followed_by(following, {"BY", "SIBLINGS"}))
      return fail(t.begin, std::string{word} + " without BY");
    if (word == "LIMIT" && dialect_ != sql_dialect::mysql && here.rank >= from_rank)
      return fail(t.begin, "LIMIT does not belong to this dialect");
    if (word == "TOP" && dialect_ != sql_dialect::sqlserver && previous_ == "SELECT" && following &&
        following->kind == token_kind::number)
      return fail(t.begin, "TOP does not belong to this dialect");
    if (here.rank == from_rank && !follows_table(word) && !wants_operand(previous_)) {
      if (++here.names > 2)
        return fail(t.begin, "a name where a clause is expected");
    } else
      here.names = here.rank == from_rank && !follows_table(word) ? 1 : 0;
    if (word == "ON" || word == "USING")
      here.names = 0;
    advance(t, word, here);
    here.wildcard = false;
    wants_operand_ = wants_operand(word);
    previous_ = word;
  }

  /// `IS DISTINCT FROM`, `ON DELETE SET NULL` and the like pass; so does what begins a definition.
  bool follows_freely(word_view word) const {
    return (word == "ON" && previous_ == "BY") || (word == "AS" && previous_ == "IS") ||
           (word == "END" && previous_ == "AS");
  }

  void notice(word_view word) {
    set_seen_ |= word == "SET";
    values_seen_ |= one_of(word, {"VALUES", "VALUE", "SELECT", "SET", "DEFAULT", "EXEC", "EXECUTE", "TABLE"});
    if ((verb_ == "CREATE" || verb_ == "ALTER") && words_ <= 12)
      procedural_ |= one_of(word, {"PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "PACKAGE", "EVENT"}) ||
                     (word == "BODY" && previous_ == "TYPE");
    if (verb_ == "BEGIN" && words_ == 2)
      procedural_ |= !one_of(word, {"TRAN", "TRANSACTION", "WORK", "DISTRIBUTED"});
  }

  void advance(const token& t, word_view word, level& here) {
    if (is_set_operator(word)) {
      here.rank = 0;
      return;
    }
    const auto rank = rank_of(word);
    if (rank == 0 || (here.rank == 0 && rank != select_rank) || previous_ == "DISTINCT")
      return;
    if (rank == select_rank && here.rank != 0 && dialect_ != sql_dialect::sqlserver)
      return fail(t.begin, "a second SELECT without UNION or the like");
    if (rank != select_rank && rank <= here.rank)
      return fail(t.begin, std::string{word} + " comes too late");
    here.rank = rank;
  }

  bool followed_by(const token* following, std::initializer_list<word_view> words) const {
    return following && following->kind == token_kind::word && one_of(upper_text(sql_, *following), words);
  }

  // -- everything else

  void operand(const token& t) {
    auto& here = levels_.back();
    if (here.wildcard && t.kind != token_kind::symbol && !after_dot_ && !procedural_)
      return fail(t.begin, "FROM is expected after *");
    if (after_dot_ || t.kind != token_kind::name)
      here.names = 0;
    here.wildcard = wants_operand_ = after_dot_ = false;
    previous_.clear();
  }

  void symbol(const token& t, const token* following) {
    const auto c = sql_[t.begin];
    if (c == ';')
      return end_statement(t.begin);
    if (words_ == 0 && (c == '/' || c == '@') && dialect_ == sql_dialect::oracle)
      return; // ends a block, or runs a script
    if (words_ == 0 && c == '(')
      words_ = 1; // (SELECT …) UNION …
    if (words_ == 0)
      return fail(t.begin, "no statement begins like this");
    if (!is_known_symbol(c))
      return fail(t.begin, "a character that this dialect does not know");
    if (c == '(')
      return open(t);
    const auto missing = wants_operand_ && !procedural_;
    if (c == ')')
      return close(t, missing);
    if (c == ',' && missing)
      return fail(t.begin, "something is missing before a comma");
    after_symbol(c, following);
  }

  bool is_known_symbol(char c) const {
    return word_view{"(),.+-*/%=<>!|&^~:@?"}.find(c) != word_view::npos ||
           (dialect_ == sql_dialect::sqlserver && (c == '#' || c == '$')) || procedural_;
  }

  void open(const token& t) {
    levels_.back().wildcard = false;
    levels_.back().names = 0;
    levels_.push_back({.open = t.begin});
    // What may be empty: f(). What may not: IN ().
    wants_operand_ = previous_ == "IN";
    after_dot_ = false;
    previous_.clear();
  }

  void close(const token& t, bool missing) {
    if (levels_.size() == 1)
      return fail(t.begin, "a parenthesis is closed that was not opened");
    if (missing)
      return fail(t.begin, "something is missing before a parenthesis");
    levels_.pop_back();
    levels_.back().wildcard = wants_operand_ = after_dot_ = false;
    previous_.clear();
  }

  void after_symbol(char c, const token* following) {
    auto& here = levels_.back();
    const auto is_wildcard = c == '*' && (wants_operand_ || after_dot_ || previous_ == "DISTINCT" ||
                                          previous_ == "ALL" || previous_ == "DISTINCTROW");
    here.wildcard = is_wildcard && here.rank == select_rank;
    // A variable's or a column's name is no keyword, whatever it is called.
    after_dot_ = (c == '.' || c == ':' || c == '@') && following && following->kind != token_kind::symbol;
    wants_operand_ = c == ',' || c == '=' || c == '<' || c == '>' || c == '+' || c == '-' || c == '/' ||
                     c == '%' || (c == '*' && !is_wildcard && previous_ != "TOP") || c == '|' || c == '.';
    if (c == '*' && following && is_symbol(sql_, *following, ')'))
      wants_operand_ = false; // count(*)
    here.names = 0;
    previous_.clear();
  }

  sql_dialect dialect_;
  std::string_view sql_;
  std::optional<syntax_error> error_;
  std::vector<level> levels_{1};
  std::string verb_;
  std::string previous_;  ///< the last token, if it was a word
  std::size_t words_ = 0; ///< of this statement
  bool wants_operand_ = false;
  bool after_dot_ = false;
  bool set_seen_ = false;
  bool values_seen_ = false;
  bool procedural_ = false; ///< a procedure's body: only strings, comments and parentheses are looked at
};

} // namespace

std::optional<syntax_error> find_clause_error(sql_dialect dialect, std::string_view sql) {
  return clause_reader{dialect, sql}.run();
}

} // namespace guardrails::checks::sql
