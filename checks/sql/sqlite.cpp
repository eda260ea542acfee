// SQLite's own parser: statements are prepared against an empty database in memory and never run. What it
// says about missing tables and the like is no matter of syntax.
#include "checks/sql/parsers.hpp"

#include <sqlite3.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace guardrails::checks::sql {

namespace {

struct finalizer {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// Lets a definition be parsed to its end and refuses everything that could have an effect while it is
/// prepared (PRAGMA), or would cost planning (SELECT).
int authorize(void*, int action, const char*, const char*, const char*, const char*) noexcept {
  switch (action) {
  case SQLITE_CREATE_INDEX:
  case SQLITE_CREATE_TABLE:
  case SQLITE_CREATE_TEMP_INDEX:
  case SQLITE_CREATE_TEMP_TABLE:
  case SQLITE_CREATE_TEMP_TRIGGER:
  case SQLITE_CREATE_TEMP_VIEW:
  case SQLITE_CREATE_TRIGGER:
  case SQLITE_CREATE_VIEW:
  case SQLITE_INSERT:
  case SQLITE_READ:
  case SQLITE_UPDATE:
    return SQLITE_OK;
  default:
    return SQLITE_DENY;
  }
}

/// SQLite's sentence as one of ours; nothing for what is not about syntax.
std::optional<std::string> problem_in(std::string_view message) {
  struct translation {
    std::string_view theirs;
    const char* ours;
  };
  static constexpr std::array sentences{
    translation{"syntax error", "syntax error"},
    translation{"incomplete input", "syntax error at end of input"},
    translation{"unrecognized token", "unrecognized token"},
    translation{"parser stack overflow", "nested too deeply"},
    translation{"Expression tree is too large", "nested too deeply"},
  };
  for (const auto& [theirs, ours] : sentences) {
    const auto found = message.find(theirs);
    // Anywhere else it would be part of a name: `near "x": syntax error`.
    if (found == 0 || (found != std::string_view::npos && message.ends_with(theirs)))
      return ours;
  }
  return std::nullopt;
}

std::optional<syntax_error> find_statement_error(sqlite3* db, std::string_view statement) {
  const std::string copy{statement}; // SQLite copies as well what does not end with a NUL
  sqlite3_stmt* raw = nullptr;
  const auto code = sqlite3_prepare_v2(db, copy.c_str(), -1, &raw, nullptr);
  const std::unique_ptr<sqlite3_stmt, finalizer> prepared{raw};
  if (code != SQLITE_ERROR)
    return std::nullopt;
  auto problem = problem_in(sqlite3_errmsg(db));
  if (!problem)
    return std::nullopt;
  const auto offset = sqlite3_error_offset(db);
  return syntax_error{offset < 0 ? statement.size() : static_cast<std::size_t>(offset), *std::move(problem)};
}

/// Where statements end: after each semicolon, in a trigger after that which follows its END.
std::vector<std::size_t> find_ends(std::string_view sql, const std::vector<token>& tokens) {
  std::vector<std::size_t> ends;
  std::string first, previous;
  bool trigger = false;
  std::size_t words = 0;
  for (const auto& t : tokens) {
    if (is_symbol(sql, t, ';') && (!trigger || previous == "END")) {
      ends.push_back(t.end);
      words = 0;
      trigger = false;
    } else if (t.kind == token_kind::word && t.end - t.begin <= 9) {
      previous = upper_text(sql, t);
      if (words++ == 0)
        first = previous;
      trigger |= previous == "TRIGGER" && first == "CREATE" && words <= 3;
    } else
      previous.clear();
  }
  ends.push_back(sql.size());
  return ends;
}

} // namespace

void sqlite_parser::closer::operator()(sqlite3* database) const noexcept {
  sqlite3_close(database);
}

sqlite_parser::sqlite_parser() {
  sqlite3* raw = nullptr;
  const auto code = sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(raw);
  if (code != SQLITE_OK)
    throw std::runtime_error{"SQLite's parser could not be set up"};
  sqlite3_set_authorizer(raw, authorize, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(raw, SQLITE_LIMIT_ATTACHED, 0);
}

std::optional<syntax_error> sqlite_parser::find_error(std::string_view sql) {
  const auto [tokens, unfinished] = tokenize(sql, traits_of(sql_dialect::sqlite));
  if (unfinished)
    return unfinished;
  std::size_t begin = 0;
  for (const auto end : find_ends(sql, tokens)) {
    if (auto found = find_statement_error(database_.get(), sql.substr(begin, end - begin))) {
      found->offset += begin;
      return found;
    }
    begin = end;
  }
  return std::nullopt;
}

} // namespace guardrails::checks::sql
