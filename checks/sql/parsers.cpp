// Which parser a dialect has, and what holds for all of them.
#include "checks/sql/parsers.hpp"

namespace guardrails::checks::sql {

std::optional<syntax_error> parser::find_error(std::string_view sql) {
  if (sql.size() > longest_source)
    return syntax_error{0, "longer than 256 KiB, which this check does not parse"};
  if (const auto zero = sql.find('\0'); zero != std::string_view::npos)
    return syntax_error{zero, "a NUL character"};
  switch (dialect_) {
  case sql_dialect::sqlite:
    if (!sqlite_)
      sqlite_.emplace();
    return sqlite_->find_error(sql);
  case sql_dialect::mongodb:
    return find_mongodb_error(sql);
  case sql_dialect::mysql:
  case sql_dialect::sqlserver:
  case sql_dialect::oracle:
    return find_clause_error(dialect_, sql);
  case sql_dialect::postgresql:
  case sql_dialect::redshift:
    break;
  }
  return find_postgresql_error(sql);
}

} // namespace guardrails::checks::sql
