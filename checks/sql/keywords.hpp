// What words are to the clause parser, in MySQL, SQL Server and Oracle. All in upper case.
#pragma once

#include "checks/sql/tokens.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks::sql {

/// The longest keyword below, in bytes.
inline constexpr std::size_t longest_keyword = 20;

/// Whether statements begin with `word`.
inline bool is_verb(sql_dialect dialect, std::string_view word) {
  if (one_of(word,
             {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "CREATE", "ALTER", "DROP", "GRANT",
              "REVOKE", "TRUNCATE", "COMMIT", "ROLLBACK", "EXPLAIN", "SET", "SAVEPOINT", "BEGIN", "DECLARE"}))
    return true;
  switch (dialect) {
  case sql_dialect::mysql:
    return one_of(
      word, {"REPLACE",  "SHOW",    "DESCRIBE", "DESC",      "USE",       "CALL",     "START",      "LOCK",
             "UNLOCK",   "ANALYZE", "OPTIMIZE", "CHECK",     "REPAIR",    "RENAME",   "LOAD",       "PREPARE",
             "EXECUTE",  "DO",      "HANDLER",  "VALUES",    "TABLE",     "FLUSH",    "KILL",       "RESET",
             "RELEASE",  "INSTALL", "XA",       "DELIMITER", "UNINSTALL", "CHECKSUM", "DEALLOCATE", "SIGNAL",
             "HELP",     "CHANGE",  "STOP",     "PURGE",     "CACHE",     "IMPORT",   "CLONE",      "RESTART",
             "SHUTDOWN", "GET",     "SOURCE",   "BINLOG",    "RESIGNAL"});
  case sql_dialect::sqlserver:
    return one_of(word,
                  {"EXEC",     "EXECUTE",    "USE",      "IF",        "WHILE",   "PRINT",       "RETURN",
                   "DBCC",     "DENY",       "BACKUP",   "RESTORE",   "WAITFOR", "OPEN",        "FETCH",
                   "CLOSE",    "DEALLOCATE", "BULK",     "SAVE",      "THROW",   "RAISERROR",   "UPDATETEXT",
                   "KILL",     "GOTO",       "REVERT",   "ENABLE",    "DISABLE", "RECONFIGURE", "CHECKPOINT",
                   "SHUTDOWN", "ADD",        "READTEXT", "WRITETEXT", "RECEIVE", "SEND"});
  default:
    return one_of(word,
                  {"EXEC", "EXECUTE", "CALL", "LOCK", "RENAME", "COMMENT", "ANALYZE", "AUDIT", "PURGE",
                   "FLASHBACK", "DESC", "DESCRIBE", "NOAUDIT", "ASSOCIATE", "DISASSOCIATE", "ADMINISTER"});
  }
}

/// Commands of Oracle's SQL*Plus, which end with their line. SET and SHOW can be such as well.
inline bool is_sqlplus_command(std::string_view word) {
  return one_of(word, {"PROMPT",  "SPOOL",    "COLUMN", "COL",   "VARIABLE", "VAR",       "PRINT",
                       "DEFINE",  "UNDEFINE", "ACCEPT", "START", "HOST",     "WHENEVER",  "CONNECT",
                       "CONN",    "EXIT",     "QUIT",   "CLEAR", "TTITLE",   "BTITLE",    "BREAK",
                       "COMPUTE", "REM",      "REMARK", "PAUSE", "TIMING",   "DISCONNECT"});
}

/// Statements on rows: all of their words are looked at. Of others only the queries in them are.
inline bool is_query_verb(std::string_view word) {
  return one_of(word, {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "REPLACE", "VALUES"});
}

/// The verbs behind which SELECT is the name of a privilege.
inline bool is_privilege_verb(std::string_view word) {
  return one_of(word, {"GRANT", "REVOKE", "DENY", "AUDIT", "NOAUDIT"});
}

inline constexpr int select_rank = 1;
inline constexpr int from_rank = 2;
inline constexpr int having_rank = 5;

/// The place of a clause in a query; 0: no clause whose place is checked.
inline int rank_of(std::string_view word) {
  static constexpr std::array<std::string_view, 7> clauses{"SELECT", "FROM",  "WHERE", "GROUP",
                                                           "HAVING", "ORDER", "LIMIT"};
  const auto found = std::ranges::find(clauses, word);
  return found == clauses.end() ? 0 : static_cast<int>(found - clauses.begin()) + 1;
}

inline bool is_set_operator(std::string_view word) {
  return one_of(word, {"UNION", "INTERSECT", "EXCEPT", "MINUS"});
}

/// What may stand between SELECT and its list; what TOP begins with is told apart by `previous`, the word
/// before.
inline bool is_select_modifier(sql_dialect dialect, std::string_view word, std::string_view previous) {
  if (word == "DISTINCT" || word == "ALL")
    return true;
  switch (dialect) {
  case sql_dialect::mysql:
    return one_of(word,
                  {"DISTINCTROW", "HIGH_PRIORITY", "STRAIGHT_JOIN", "SQL_SMALL_RESULT", "SQL_BIG_RESULT",
                   "SQL_BUFFER_RESULT", "SQL_NO_CACHE", "SQL_CACHE", "SQL_CALC_FOUND_ROWS"});
  case sql_dialect::sqlserver:
    return one_of(word, {"TOP", "PERCENT", "WITH"}) || (word == "TIES" && previous == "WITH");
  default:
    return word == "UNIQUE";
  }
}

/// What cannot end a statement or stand before another clause.
inline bool wants_operand(std::string_view word) {
  return one_of(word, {"SELECT", "FROM", "WHERE", "HAVING",  "AND",  "OR",    "NOT",       "ON",     "BY",
                       "JOIN",   "IN",   "LIKE",  "BETWEEN", "INTO", "UNION", "INTERSECT", "EXCEPT", "MINUS",
                       "WHEN",   "THEN", "ELSE",  "AS",      "IS",   "LIMIT", "USING"});
}

/// What cannot stand where an operand is wanted.
inline bool is_no_operand(std::string_view word) {
  return one_of(word, {"FROM", "WHERE", "GROUP",     "HAVING", "ORDER", "LIMIT", "AND",
                       "OR",   "UNION", "INTERSECT", "EXCEPT", "MINUS", "ON",    "JOIN",
                       "WHEN", "THEN",  "ELSE",      "INNER",  "AS",    "USING"});
}

/// Whether none of the keywords here may be a name: `limit` is a column like any other in SQL Server.
inline bool is_reserved(sql_dialect dialect, std::string_view word) {
  switch (dialect) {
  case sql_dialect::mysql:
    return word != "MINUS";
  case sql_dialect::sqlserver:
    return !one_of(word, {"LIMIT", "USING", "MINUS"});
  default:
    return !one_of(word, {"LIMIT", "USING", "JOIN", "INNER", "WHEN", "EXCEPT"});
  }
}

/// Behind which a table follows in FROM.
inline bool introduces_table(std::string_view word) {
  return one_of(word, {"FROM", "JOIN", "APPLY", "STRAIGHT_JOIN", "LATERAL"});
}

/// What may follow a table's name in FROM without being its alias, a table coming next.
inline bool joins_tables(std::string_view word) {
  return introduces_table(word) ||
         one_of(word, {"INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", "AS"});
}

/// What may follow a table's name in FROM without being its alias, something else than a table coming next.
inline bool leaves_tables(std::string_view word) {
  return rank_of(word) != 0 || is_set_operator(word) || wants_operand(word) ||
         one_of(word, {"WITH",      "USE",         "FORCE",  "IGNORE",    "INDEX",        "KEY",
                       "PARTITION", "TABLESAMPLE", "SAMPLE", "PIVOT",     "UNPIVOT",      "FOR",
                       "OF",        "CONNECT",     "START",  "MODEL",     "VERSIONS",     "WINDOW",
                       "OPTION",    "LOCK",        "SHARE",  "MODE",      "TABLE",        "UPDATE",
                       "ONLY",      "SET",         "VALUES", "FETCH",     "OFFSET",       "MATCH_RECOGNIZE",
                       "RETURNING", "SYSTEM_TIME", "OUTPUT", "PROCEDURE", "SUBPARTITION", "LOG",
                       "RETURN"});
}

} // namespace guardrails::checks::sql
