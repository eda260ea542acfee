// One parser per dialect: where a piece of SQL first stops being SQL.
#pragma once

#include "checks/sql/tokens.hpp"

#include <memory>
#include <optional>
#include <string_view>

struct sqlite3;

namespace guardrails::checks::sql {

/// A longer piece of SQL is refused instead of parsed, in bytes.
inline constexpr std::size_t longest_source = 256u << 10;

// What a parser is made of: each in its own file.

/// PostgreSQL 15's own parser; also for Redshift, whose additions it does not know.
std::optional<syntax_error> find_postgresql_error(std::string_view sql);

/// SQLite's own parser, with a database in memory that stays empty.
class sqlite_parser {
public:
  /// Throws std::runtime_error if SQLite cannot be set up.
  sqlite_parser();

  std::optional<syntax_error> find_error(std::string_view sql);

private:
  struct closer {
    void operator()(sqlite3* database) const noexcept;
  };

  std::unique_ptr<sqlite3, closer> database_;
};

/// A subset of the grammar of MySQL, SQL Server and Oracle, as docs/sql.md describes it.
std::optional<syntax_error> find_clause_error(sql_dialect dialect, std::string_view sql);

/// The shell form `db.collection.method(…)` and command documents `{…}`.
std::optional<syntax_error> find_mongodb_error(std::string_view text);

/// Parses the pieces of SQL of one text. What the dialect's parser needs is set up once, with the first
/// piece. May be made and used in any thread, in one at a time.
class parser {
public:
  explicit parser(sql_dialect dialect)
    : dialect_{dialect} {}

  /// The first syntax error of one or more statements, or nothing. Nothing is executed, no table needs to
  /// exist, no piece bears on another. Linear in the length of `sql`.
  std::optional<syntax_error> find_error(std::string_view sql);

private:
  sql_dialect dialect_;
  std::optional<sqlite_parser> sqlite_;
};

} // namespace guardrails::checks::sql
