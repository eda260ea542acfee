// A subset of the grammar of MySQL, SQL Server and Oracle: which statements there are, the order of a query's
// clauses, and what may not follow what. What it does not know passes. It has no recursion: parentheses are
// kept in a list.
#include "checks/sql/keywords.hpp"
#include "checks/sql/parsers.hpp"

#include <utility>

namespace guardrails::checks::sql {

namespace {

using word_view = std::string_view;

// How far behind CREATE it may say what is created: `CREATE DEFINER = 'a'@'b' SQL SECURITY INVOKER
// PROCEDURE`.
constexpr std::size_t longest_definition_head = 16;

struct level {
  std::size_t open = 0;   ///< where its parenthesis stands
  bool unchecked = false; ///< hints and patterns: only parentheses are looked at
  int rank = 0;           ///< of the last clause; 0: no query
  bool heading = false;   ///< between SELECT and its list: DISTINCT, TOP 10 and the like
  bool wildcard = false;  ///< the last token is the * of a select list
  bool tables = false;    ///< in FROM, where tables and their aliases stand
  std::size_t names = 0;  ///< in a row, among the tables
};

class clause_reader {
public:
  clause_reader(sql_dialect dialect, std::string_view sql)
    : dialect_{dialect}
    , sql_{sql} {}

  std::optional<syntax_error> run() {
    const auto [tokens, unfinished] = tokenize(sql_, traits_of(dialect_));
    for (std::size_t i = 0; i < tokens.size() && !error_; ++i) {
      following_ = i + 1 < tokens.size() ? &tokens[i + 1] : nullptr;
      read(tokens[i]);
      last_ = &tokens[i];
    }
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

  void read(const token& t) {
    if (std::exchange(skips_, false))
      return;
    if (line_command_ && begins_line(t))
      end_statement(t.begin);
    if (line_command_)
      return;
    if (t.kind == token_kind::symbol)
      return symbol(t);
    if (t.kind == token_kind::word && !after_mark_)
      return read_word(t, upper_text(sql_, {t.kind, t.begin, std::min(t.end, t.begin + longest_keyword)}));
    if (count_ == 0 && !procedural_) {
      if (after_batch_ && t.kind == token_kind::number)
        return; // GO 5
      return fail(t.begin, "no statement begins like this");
    }
    ++count_;
    operand(t);
  }

  void read_word(const token& t, word_view word) {
    if (is_batch_end(t, word))
      return end_batch(t.begin);
    if (begins_next_statement(word))
      end_statement(t.begin);
    if (count_ == 0)
      begin_statement(t, word);
    ++count_;
    notice(word);
    if (!procedural_ && !line_command_)
      keyword(t, word);
  }

  // -- around a token

  bool last_is(char c) const { return last_ && is_symbol(sql_, *last_, c); }
  bool followed_by_symbol(char c) const { return following_ && is_symbol(sql_, *following_, c); }

  bool followed_by(std::initializer_list<word_view> words) const {
    return following_ && following_->kind == token_kind::word && one_of(upper_text(sql_, *following_), words);
  }

  bool followed_by_number() const {
    return (following_ && following_->kind == token_kind::number) || followed_by_symbol('?') ||
           followed_by_symbol(':') || followed_by_symbol('@');
  }

  bool begins_line(const token& t) const {
    const auto end = last_ ? last_->end : 0;
    return sql_.substr(end, t.begin - end).find('\n') != word_view::npos;
  }

  bool fills_line(const token& t) const {
    const auto before = sql_.substr(0, t.begin).find_last_not_of(" \t");
    const auto behind = sql_.find_first_not_of(" \t\r", t.end);
    return (before == word_view::npos || sql_[before] == '\n') &&
           (behind == word_view::npos || sql_[behind] == '\n');
  }

  // -- statements

  /// SQL Server's GO at the start of a line.
  bool is_batch_end(const token& t, word_view word) const {
    if (dialect_ != sql_dialect::sqlserver || word != "GO")
      return false;
    const auto before = sql_.substr(0, t.begin).find_last_not_of(" \t");
    return before == word_view::npos || sql_[before] == '\n';
  }

  /// Behind GO, and Oracle's / on a line of its own, no block goes on.
  void end_batch(std::size_t at) {
    end_statement(at);
    procedural_ = false;
    after_batch_ = true;
  }

  /// SQL Server needs no semicolon between a query and the next statement.
  bool begins_next_statement(word_view word) const {
    return dialect_ == sql_dialect::sqlserver && levels_.size() == 1 && levels_[0].rank > 0 &&
           !wants_operand_ && !procedural_ && previous_ != "FOR" && is_verb(dialect_, word) &&
           !one_of(word, {"SELECT", "WITH", "FETCH"});
  }

  void begin_statement(const token& t, word_view word) {
    verb_ = word;
    privileges_ = is_privilege_verb(word);
    line_command_ = is_line_command(word);
    procedural_ |= begins_block(word);
    const auto system_procedure =
      dialect_ == sql_dialect::sqlserver && (word.starts_with("SP_") || word.starts_with("XP_"));
    if (!procedural_ && !line_command_ && !system_procedure && !is_verb(dialect_, word))
      fail(t.begin, "no statement of this dialect begins like this");
  }

  bool is_line_command(word_view word) const {
    return dialect_ == sql_dialect::oracle && !procedural_ &&
           (is_sqlplus_command(word) ||
            (word == "SHOW" && !followed_by({"TABLES", "DATABASES", "COLUMNS"})) ||
            (word == "SET" && !followed_by({"ROLE", "TRANSACTION", "CONSTRAINT", "CONSTRAINTS"})));
  }

  bool begins_block(word_view word) const {
    if (word == "BEGIN") // a transaction, or a block
      return following_ && !followed_by_symbol(';') &&
             !followed_by({"TRAN", "TRANSACTION", "WORK", "DISTRIBUTED"});
    return one_of(word, {"DECLARE", "IF", "WHILE", "DELIMITER"});
  }

  void end_statement(std::size_t at) {
    if (levels_.size() > 1)
      return fail(levels_.back().open, "a parenthesis is not closed");
    if (!procedural_ && !line_command_ && count_ > 0)
      check_whole(at);
    count_ = 0;
    verb_.clear();
    previous_.clear();
    levels_.assign(1, {});
    wants_operand_ = after_mark_ = line_command_ = privileges_ = after_batch_ = false;
    set_seen_ = values_seen_ = false;
  }

  void check_whole(std::size_t at) {
    if (wants_operand_)
      fail(at, "the statement ends where something must follow");
    else if (verb_ == "UPDATE" && !set_seen_)
      fail(at, "UPDATE without SET");
    else if ((verb_ == "INSERT" || verb_ == "REPLACE") && !values_seen_)
      fail(at, verb_ + " without values");
    else if (count_ == 1 &&
             one_of(verb_, {"INSERT", "DELETE", "CREATE", "ALTER", "DROP", "GRANT", "TRUNCATE"}))
      fail(at, "the statement ends after its first word");
  }

  /// What holds wherever a word stands in its statement.
  void notice(word_view word) {
    set_seen_ |= word == "SET" || (word == "STATISTICS" && dialect_ == sql_dialect::sqlserver);
    values_seen_ |= one_of(word, {"VALUES", "VALUE", "SELECT", "SET", "DEFAULT", "EXEC", "EXECUTE", "TABLE"});
    if (levels_.size() > 1)
      return;
    const auto defines = one_of(verb_, {"CREATE", "ALTER"});
    if (defines && count_ <= longest_definition_head) {
      procedural_ |= one_of(word, {"PROCEDURE", "PROC", "FUNCTION", "TRIGGER", "PACKAGE", "EVENT"}) ||
                     (word == "BODY" && previous_ == "TYPE");
      privileges_ |= word == "AUDIT";
    }
    procedural_ |= verb_ == "WITH" && count_ == 2 && one_of(word, {"FUNCTION", "PROCEDURE"});
    if (dialect_ == sql_dialect::sqlserver && !defines && verb_ != "DROP")
      procedural_ |= begins_block(word); // also behind a statement without a semicolon
  }

  /// Whether the words at this place are looked at: in a statement on rows, and in a query.
  bool checked(word_view word) const {
    const auto& here = levels_.back();
    return !privileges_ && !here.unchecked && (is_query_verb(verb_) || here.rank > 0 || word == "SELECT");
  }

  // -- words

  void keyword(const token& t, word_view word) {
    if (is_name(word))
      word = {};
    if (!checked(word)) {
      wants_operand_ = false;
      previous_ = word;
      return;
    }
    check_place(t, word);
    check_dialect(t, word);
    auto& here = levels_.back();
    count_table(t, word, here);
    advance(t, word, here);
    here.heading = word == "SELECT" || (here.heading && is_select_modifier(dialect_, word, previous_));
    here.wildcard = false;
    here.unchecked |= word == "MODEL" && dialect_ == sql_dialect::oracle && here.rank >= from_rank;
    wants_operand_ =
      here.heading || (word == "ON" ? here.rank >= from_rank || verb_ == "MERGE" : wants_operand(word));
    previous_ = word;
  }

  /// A keyword of another dialect, and one that is not reserved where a name has to come.
  bool is_name(word_view word) const {
    if (word == "LIMIT" && dialect_ != sql_dialect::mysql)
      return wants_operand_ || !followed_by_number() || previous_ == "REJECT";
    if (word == "MINUS" && dialect_ != sql_dialect::oracle)
      return true;
    return wants_operand_ && !is_reserved(dialect_, word);
  }

  void check_place(const token& t, word_view word) {
    const auto& here = levels_.back();
    if (here.wildcard && !(rank_of(word) != 0 || is_set_operator(word) ||
                           one_of(word, {"INTO", "BULK", "FOR", "FETCH", "OFFSET", "OPTION", "AS"})))
      fail(t.begin, "FROM is expected after *");
    if (wants_operand_ && is_no_operand(word))
      fail(t.begin, "something is missing before " + std::string{word});
    if ((word == "GROUP" || word == "ORDER") && here.rank > 0 && previous_ != "WITHIN" &&
        !followed_by({"BY", "SIBLINGS"}))
      fail(t.begin, std::string{word} + " without BY");
  }

  void check_dialect(const token& t, word_view word) {
    if (word == "LIMIT" && dialect_ != sql_dialect::mysql && levels_.back().rank >= from_rank)
      fail(t.begin, "LIMIT does not belong to this dialect");
    if (word == "TOP" && dialect_ != sql_dialect::sqlserver && previous_ == "SELECT" && following_ &&
        following_->kind == token_kind::number)
      fail(t.begin, "TOP does not belong to this dialect");
  }

  /// A table has one alias at most; behind that no third name stands.
  void count_table(const token& t, word_view word, level& here) {
    if (here.rank != from_rank)
      return;
    const auto joins = joins_tables(word);
    if (joins || leaves_tables(word)) {
      here.names = 0;
      here.tables = introduces_table(word) || (here.tables && joins);
    } else if (here.tables && ++here.names > 2)
      fail(t.begin, "a name where a clause is expected");
  }

  void advance(const token& t, word_view word, level& here) {
    if (is_set_operator(word)) {
      here.rank = 0;
      here.tables = false;
      return;
    }
    const auto rank = rank_of(word);
    if (rank == 0 || (here.rank == 0 && rank != select_rank) || is_part_of_clause(word))
      return;
    if (rank == select_rank && here.rank != 0 && dialect_ != sql_dialect::sqlserver)
      return fail(t.begin, "a second SELECT without UNION or the like");
    const auto having_first = dialect_ == sql_dialect::oracle && word == "GROUP" && here.rank == having_rank;
    if (rank != select_rank && rank <= here.rank && !having_first)
      return fail(t.begin, std::string{word} + " comes too late");
    here.rank = rank;
    here.tables = rank == from_rank;
    here.names = 0;
  }

  /// `IS DISTINCT FROM`, `FOR SYSTEM_TIME FROM`, `WITHIN GROUP (…)`.
  bool is_part_of_clause(word_view word) const {
    return (word == "FROM" && (previous_ == "DISTINCT" || previous_ == "SYSTEM_TIME")) ||
           (word == "GROUP" && previous_ == "WITHIN");
  }

  // -- everything else

  void operand(const token& t) {
    auto& here = levels_.back();
    if (here.wildcard && !after_mark_ && !procedural_)
      return fail(t.begin, "FROM is expected after *");
    if (after_mark_ || t.kind != token_kind::name)
      here.names = 0;
    here.heading = here.heading && previous_ == "TOP";
    here.wildcard = wants_operand_ = after_mark_ = false;
    previous_.clear();
  }

  void symbol(const token& t) {
    const auto c = sql_[t.begin];
    if (c == '/' && dialect_ == sql_dialect::oracle && fills_line(t))
      return end_batch(t.begin);
    if (c == ';' || ends_with_backslash(c))
      return end_statement(t.begin);
    if (count_ == 0 && !begin_with_symbol(c))
      return fail(t.begin, "no statement begins like this");
    ++count_;
    if (line_command_)
      return;
    if (!is_known_symbol(c))
      return fail(t.begin, "a character that this dialect does not know");
    if (c == '(')
      return open(t);
    const auto missing = wants_operand_ && !procedural_;
    if (c == ')')
      return close(t, missing);
    if (c == ',' && missing)
      return fail(t.begin, "something is missing before a comma");
    after_symbol(c);
  }

  /// `\G` ends a statement in MySQL's shell.
  bool ends_with_backslash(char c) {
    skips_ = c == '\\' && dialect_ == sql_dialect::mysql && followed_by({"G"});
    return skips_;
  }

  bool begin_with_symbol(char c) {
    if (c == '(') // (SELECT …) UNION …
      return true;
    if (dialect_ == sql_dialect::mysql) // DELIMITER //
      return procedural_ && followed_by_symbol(c);
    if (dialect_ != sql_dialect::oracle)
      return false;
    line_command_ = c == '@' && !procedural_; // runs a script
    procedural_ |= c == '<';                  // the label of a block
    return line_command_ || procedural_;
  }

  bool is_known_symbol(char c) const {
    if (word_view{"(),.+-*/%=<>!|&^~:@?"}.find(c) != word_view::npos || procedural_ ||
        levels_.back().unchecked)
      return true;
    switch (dialect_) {
    case sql_dialect::mysql:
      return c == '{' || c == '}' || c == '$'; // {d '2020-01-01'}
    case sql_dialect::sqlserver:
      return word_view{"{}#$\\"}.find(c) != word_view::npos;
    default:
      return c == '#'; // v$session.serial#
    }
  }

  /// Behind which a word is a name, whatever it is called: columns, variables, #tables.
  bool is_mark(char c) const {
    return c == '.' || c == ':' || c == '@' || ((c == '#' || c == '$') && dialect_ == sql_dialect::sqlserver);
  }

  void open(const token& t) {
    auto& here = levels_.back();
    here.wildcard = false;
    here.names = 0;
    here.heading = here.heading && previous_ == "TOP";
    const auto unchecked = here.unchecked || previous_ == "OPTION" || previous_ == "MATCH_RECOGNIZE";
    levels_.push_back({.open = t.begin, .unchecked = unchecked});
    // What may be empty: f(). What may not: IN ().
    wants_operand_ = previous_ == "IN";
    after_mark_ = false;
    previous_.clear();
  }

  void close(const token& t, bool missing) {
    if (levels_.size() == 1)
      return fail(t.begin, "a parenthesis is closed that was not opened");
    // SQL Server allows a comma behind the last column of a table.
    if (missing && !(last_is(',') && verb_ == "CREATE" && dialect_ == sql_dialect::sqlserver))
      return fail(t.begin, "something is missing before a parenthesis");
    levels_.pop_back();
    levels_.back().wildcard = wants_operand_ = after_mark_ = false;
    previous_.clear();
  }

  void after_symbol(char c) {
    auto& here = levels_.back();
    const auto counts_top = previous_ == "TOP" && (c == '@' || c == ':'); // TOP @n
    const auto star = c == '*' && (wants_operand_ || here.heading || last_is('(') || !checked({}));
    const auto outer_join = c == '+' && last_is('(') && followed_by_symbol(')'); // Oracle's a = b(+)
    here.wildcard = star && here.rank == select_rank;
    after_mark_ = is_mark(c) && following_ && following_->kind != token_kind::symbol;
    wants_operand_ =
      !star && !outer_join && !here.unchecked && word_view{",=<>+-/%*|."}.find(c) != word_view::npos;
    here.names = 0;
    if (counts_top)
      return;
    here.heading = false;
    previous_.clear();
  }

  sql_dialect dialect_;
  std::string_view sql_;
  std::optional<syntax_error> error_;
  const token* last_ = nullptr;
  const token* following_ = nullptr;
  std::vector<level> levels_{1};
  std::string verb_;
  std::string previous_;  ///< the last token, if it was a word
  std::size_t count_ = 0; ///< of this statement's tokens
  bool wants_operand_ = false;
  bool after_mark_ = false;
  bool set_seen_ = false;
  bool values_seen_ = false;
  bool privileges_ = false;   ///< GRANT and its like
  bool line_command_ = false; ///< nothing of the line is looked at
  bool skips_ = false;        ///< the next token belongs to the last one
  bool after_batch_ = false;  ///< nothing followed GO yet
  bool procedural_ = false;   ///< a procedure's body: only strings, comments and parentheses are looked at
};

} // namespace

std::optional<syntax_error> find_clause_error(sql_dialect dialect, std::string_view sql) {
  return clause_reader{dialect, sql}.run();
}

} // namespace guardrails::checks::sql
