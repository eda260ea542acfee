// One parser per dialect: where a piece of SQL first stops being SQL.
#pragma once

#include "checks/sql/tokens.hpp"

#include <optional>
#include <string_view>

namespace guardrails::checks::sql {

/// A longer piece of SQL is refused instead of parsed, in bytes.
inline constexpr std::size_t longest_source = 256u << 10;

/// The first syntax error of one or more statements, or nothing. Nothing is executed, no table needs to
/// exist. Linear in the length of `sql`; may be called from any thread.
std::optional<syntax_error> find_error(sql_dialect dialect, std::string_view sql);

// What find_error is made of: each in its own file.

/// PostgreSQL 15's own parser; also for Redshift, whose additions it does not know.
std::optional<syntax_error> find_postgresql_error(std::string_view sql);

/// SQLite's own parser.
std::optional<syntax_error> find_sqlite_error(std::string_view sql);

/// A subset of the grammar of MySQL, SQL Server and Oracle, as docs/sql.md describes it.
std::optional<syntax_error> find_clause_error(sql_dialect dialect, std::string_view sql);

/// The shell form `db.collection.method(…)` and command documents `{…}`.
std::optional<syntax_error> find_mongodb_error(std::string_view text);

} // namespace guardrails::checks::sql
