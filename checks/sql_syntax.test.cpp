// SQL in texts: where it is found, what each dialect refuses and where, hostile input, threads.
#include "checks/sql/parsers.hpp"
#include "checks/sql/statement_finder.hpp"
#include "tests/check_support.hpp"
#include "tests/cpu_time.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <atomic>
#include <chrono>
#include <thread>

#define CAF_SUITE sql_syntax
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

rails_config sql_only(sql_dialect dialect) {
  auto config = sensitive_only();
  config.guardrails.check_sensitive_data = false;
  config.guardrails.check_sql_syntax = true;
  config.guardrails.sql_dialect = dialect;
  return config;
}

/// What the report says about the SQL of a text; `ok` when nothing is wrong.
std::string verdict(sql_dialect dialect, std::string_view text) {
  const auto report = judge(sql_only(dialect), text);
  return report.sql->passed ? "ok" : report.sql->message;
}

/// The pieces taken for SQL, joined by `|`.
std::string sources(std::string_view text, sql_dialect dialect = sql_dialect::postgresql) {
  std::string found;
  for (const auto& s : sql::find_sources(text, dialect))
    found.append(found.empty() ? "" : "|").append(text.substr(s.begin, s.end - s.begin));
  return found;
}

/// The problem in one piece of SQL; empty when there is none.
std::string problem(sql_dialect dialect, std::string_view sql) {
  const auto error = sql::parser{dialect}.find_error(sql);
  return error ? error->problem : "";
}

std::string repeated(std::string_view head, std::string_view part, std::size_t times,
                     std::string_view tail = "") {
  std::string text{head};
  for (std::size_t i = 0; i < times; ++i)
    text += part;
  return text.append(tail);
}

template <class Work>
double nanoseconds_per_byte(Work& work, std::string_view text) {
  return 1e9 * test::cpu_seconds([&] { work(text); }) / static_cast<double>(text.size());
}

// Whether a byte of a text costs more than four times what one of a sixteenth of it does; quadratic work
// makes it sixteen times. A machine that was busy with something else gets more chances.
template <class Work>
bool grows_out_of_proportion(Work work, std::string_view sixteenth, std::string_view text) {
  for (int attempt = 0; attempt < 4; ++attempt)
    if (nanoseconds_per_byte(work, text) <= 4 * nanoseconds_per_byte(work, sixteenth))
      return false;
  return true;
}

template <class Work>
bool grows_out_of_proportion(Work work, std::string_view text) {
  return grows_out_of_proportion(work, text.substr(0, text.size() / 16), text);
}

// Whether a byte of `text` costs more than `times` what one of `other` does.
template <class Work>
bool costs_more_than(Work work, std::string_view text, double times, std::string_view other) {
  for (int attempt = 0; attempt < 4; ++attempt)
    if (nanoseconds_per_byte(work, text) <= times * nanoseconds_per_byte(work, other))
      return false;
  return true;
}

constexpr auto every_dialect = {sql_dialect::postgresql, sql_dialect::mysql,  sql_dialect::sqlserver,
                                sql_dialect::sqlite,     sql_dialect::oracle, sql_dialect::redshift};

constexpr auto every_dialect_and_mongodb = {
  sql_dialect::postgresql, sql_dialect::mysql,    sql_dialect::sqlserver, sql_dialect::sqlite,
  sql_dialect::oracle,     sql_dialect::redshift, sql_dialect::mongodb};

sql_dialect dialect_named(std::string_view name) {
  return name == "mysql"    ? sql_dialect::mysql
         : name == "oracle" ? sql_dialect::oracle
                            : sql_dialect::sqlserver;
}

/// With its line breaks, which the tables write as `\\n`.
std::string with_line_breaks(std::string_view text) {
  std::string plain;
  for (auto at = text.find("\\n"); at != std::string_view::npos; at = text.find("\\n")) {
    plain.append(text.substr(0, at)).push_back('\n');
    text.remove_prefix(at + 2);
  }
  return plain.append(text);
}

} // namespace

TEST("a text without SQL passes") {
  for (const auto* text :
       {"", "What is machine learning?", "Select a restaurant for us from the list.", "SELECT is a keyword.",
        "Update me when you set the table, please.", "Create a table for two (by the window).",
        "Delete from your mind what he said.", "With best regards, as always (Tom)", "Drop the index finger.",
        "Insert into the slot; then wait.", "Select option A from menu B and press enter.",
        "Grant me a wish on Monday.", "- Select one\n- Drop it", "```python\nselect = 1 +\n```",
        "SELECT THE BEST RESTAURANT FROM THE LIST.", "CREATE OR REPLACE the slide deck.",
        "Explain: select all that apply."})
    for (const auto dialect : every_dialect) {
      const auto said = verdict(dialect, text);
      CHECK_EQ(said == "ok" ? "ok" : text + said, "ok");
    }
}

TEST("fenced blocks are SQL when they say so or begin like it") {
  CHECK_EQ(sources("a\n```sql\nSELECT 1\n```\nb"), "SELECT 1\n");
  CHECK_EQ(sources("~~~ PostgreSQL\nx\n~~~\n"), "x\n");
  CHECK_EQ(sources("```\nSELECT 1;\n```"), "SELECT 1;\n");
  CHECK_EQ(sources("```\nls -l\n```"), "");
  CHECK_EQ(sources("```python\nSELECT 1;\n```"), "");
  CHECK_EQ(sources("  ````sql\n```\nSELECT 1\n````\nx"), "```\nSELECT 1\n");
  CHECK_EQ(sources("```sql\nSELECT 1"), "SELECT 1");
}

TEST("outside of them a line has to begin like a statement") {
  CHECK_EQ(sources("Run this: SELECT a FROM t; Thanks"), "SELECT a FROM t");
  CHECK_EQ(sources("Run this: SELECT a FROM t;\nThanks"), "SELECT a FROM t");
  CHECK_EQ(sources("1. select * from t\n2. `DELETE FROM t WHERE a = 1` removes"),
           "select * from t|DELETE FROM t WHERE a = 1");
  CHECK_EQ(sources("SELECT a,\nb\nFROM t\nWHERE c = 1\nThis returns a."),
           "SELECT a,\nb\nFROM t\nWHERE c = 1");
  CHECK_EQ(sources("SELECT 1; SELECT 2;\n\nSELECT ';' FROM t;"), "SELECT 1|SELECT 2|SELECT ';' FROM t");
  CHECK_EQ(sources("update t set a = 1"), "update t set a = 1");
  CHECK_EQ(sources("WITH x AS (SELECT 1) SELECT * FROM x"), "WITH x AS (SELECT 1) SELECT * FROM x");
  CHECK_EQ(sources("db.users.find({a: 1})\nSELECT 1;", sql_dialect::mongodb), "db.users.find({a: 1})");
}

TEST("an error names line and column of the whole text") {
  CHECK_EQ(verdict(sql_dialect::postgresql, "Look:\n```sql\nSELECT 'ü', FROM t;\n```\n"),
           "line 3, column 13: syntax error");
  CHECK_EQ(verdict(sql_dialect::sqlite, "SELECT a FROM t WHERE;"),
           "line 1, column 22: syntax error at end of input");
  CHECK_EQ(verdict(sql_dialect::mysql, "a\n\nSELECT a FROM WHERE b = 1;"),
           "line 3, column 15: something is missing before WHERE");
  CHECK_EQ(
    verdict(sql_dialect::postgresql, "SELECT a FROM;\n\nSELECT b FROM t;\n\nSELECT c FROM;"),
    "line 1, column 14: syntax error at end of input; line 5, column 14: syntax error at end of input");
}

TEST("the report fails with its sentence, and quotes nothing") {
  const auto report =
    judge(sql_only(sql_dialect::postgresql), "SELECT secret_name secret_other FROM t t2 secret;");
  CHECK(!report.passed);
  CHECK_EQ(report.message, "Invalid SQL detected.");
  CHECK_EQ(report.sql->message.find("secret"), std::string::npos);
  REQUIRE(report.findings.size() == 1);
  CHECK_EQ(report.findings[0].check, "sql_syntax");
  CHECK_EQ(report.findings[0].why.pattern, "postgresql");
  for (const auto* sql : {"CREATE ROLE x secret 1", "SELECT 'secret", "ALTER ROLE a WITH secretrole",
                          "CREATE FUNCTION f() RETURNS int LANGUAGE SQL secret"})
    CHECK_EQ(problem(sql_dialect::postgresql, sql).find("secret"), std::string::npos);
}

TEST("valid statements pass in every dialect") {
  for (const auto dialect : every_dialect)
    for (const auto* sql :
         {"SELECT 1", "SELECT * FROM users WHERE id = 1 AND name LIKE 'a%' ORDER BY name, id",
          "SELECT u.id, count(*) FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id HAVING "
          "count(*) > 3",
          "INSERT INTO t (a, b) VALUES (1, 'it''s')", "UPDATE t SET a = a + 1, b = NULL WHERE c IN (1, 2)",
          "DELETE FROM t WHERE a IS NOT NULL",
          "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)",
          "SELECT a FROM t UNION ALL SELECT b FROM u", "SELECT CASE WHEN a > 1 THEN 'x' ELSE 'y' END FROM t",
          "SELECT a FROM (SELECT b AS a FROM t) x WHERE NOT EXISTS (SELECT 1 FROM u)",
          "DROP TABLE t; SELECT 2;", "WITH c AS (SELECT 1 AS a) SELECT a FROM c -- done",
          "SELECT /* ; ' */ -1 FROM t", "SELECT \"a b\" FROM t",
          "INSERT INTO t SELECT * FROM u WHERE a BETWEEN 1 AND 2", "DROP TABLE no_such_table",
          "SELECT a, sum(b) OVER (PARTITION BY c ORDER BY d) FROM t"}) {
      const auto said = problem(dialect, sql);
      CHECK_EQ(said.empty() ? "" : std::string{sql} + ": " + said, "");
    }
}

TEST("broken statements fail in every dialect") {
  for (const auto dialect : every_dialect)
    for (const auto* sql :
         {"SELEC * FROM t", "SELECT * FORM users", "SELECT a, FROM t", "SELECT a FROM t WHERE",
          "SELECT a FROM WHERE b = 1", "SELECT (a FROM t", "SELECT a) FROM t", "SELECT 'a FROM t",
          "SELECT /* a FROM t", "INSERT INTO t", "UPDATE t WHERE a = 1", "SELECT a FROM t WHERE b = 1 AND",
          "SELECT a FROM t ORDER name", "SELECT a FROM t WHERE b IN ()",
          "SELECT a FROM t GROUP BY a WHERE b = 1", "DELETE", "hello world",
          "SELECT a FROM t; SELECT FROM WHERE", "SELECT * FROM users WERE id = 1"}) {
      const auto sqlite_takes = dialect == sql_dialect::sqlite && std::string_view{sql}.ends_with("IN ()");
      CHECK_EQ(problem(dialect, sql).empty() && !sqlite_takes ? std::string{sql} : "", "");
    }
}

TEST("the clause parser lets valid statements of its dialects pass") {
  const auto rows = read_table("sql/valid_statements.tsv");
  CHECK(rows.size() > 3 * 80);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 2);
    const auto said = problem(dialect_named(row[0]), with_line_breaks(row[1]));
    CHECK_EQ(said.empty() ? "" : row[1] + ": " + said, "");
  }
}

TEST("what the clause parser lets pass does not hide errors next to it") {
  using enum sql_dialect;
  struct row {
    sql_dialect dialect;
    const char* sql;
  };
  for (const auto& [dialect, sql] : std::initializer_list<row>{
         {sqlserver, "SELECT TOP 10 * FORM t"},
         {sqlserver, "SELECT TOP (10) *, FROM t"},
         {sqlserver, "SELECT a * FROM t"},
         {sqlserver, "SELECT a FROM t LIMIT 10"},
         {sqlserver, "SELECT a FROM t x y z"},
         {sqlserver, "SELECT 1\nGO\nSELECT a FROM WHERE b = 1"},
         {sqlserver, "SELECT a FROM t WHERE b = 1 UPDATE u"},
         {sqlserver, "CREATE TABLE t (a INT,, b INT)"},
         {sqlserver, "CREATE VIEW v AS SELECT a FROM WHERE b = 1"},
         {mysql, "GRANT SELECT ON t TO u; SELECT FROM t"},
         {mysql, "GRANT SELECT (a ON t TO u"},
         {mysql, "SELECT DISTINCT FROM t"},
         {mysql, "SELECT SQL_NO_CACHE * FORM t"},
         {mysql, "SELECT a FROM t MINUS SELECT b FROM u"},
         {mysql, "SELECT GROUP_CONCAT(a ORDER b) FROM t WHERE"},
         {mysql, "SELECT a FROM t\\G SELECT b FROM WHERE c = 1"},
         {oracle, "SELECT a FROM t WHERE b = c(+) AND"},
         {oracle, "SELECT a FROM t WHERE b = (c +)"},
         {oracle, "BEGIN NULL; END;\n/\nSELECT a FROM WHERE b = 1"},
         {oracle, "SET ECHO ON\nSELECT a FROM WHERE b = 1"},
         {oracle, "SELECT LISTAGG(a) WITHIN GROUP (ORDER BY a FROM t"},
         {oracle, "CREATE TABLE t AS SELECT * FORM u"},
       })
    CHECK_EQ(problem(dialect, sql).empty() ? sql : "", "");
}

TEST("what belongs to one dialect only") {
  using enum sql_dialect;
  struct row {
    const char* sql;
    std::vector<sql_dialect> valid_in;
  };
  const std::vector<row> rows{
    {"SELECT a FROM t LIMIT 10", {postgresql, mysql, sqlite}},
    {"SELECT TOP 10 a FROM t", {sqlserver}},
    {"SELECT `a` FROM `t`", {mysql, sqlite}},
    {"SELECT [a b] FROM [t]", {sqlserver, sqlite}},
    {"SELECT $$x'y$$, a::int FROM t", {postgresql}},
    {"SELECT 'it\\'s' FROM t", {mysql}},
    {"SELECT q'[it's]' FROM dual", {oracle}},
    {"SHOW TABLES", {mysql, postgresql}},
    {"EXEC sp_who", {sqlserver, oracle}},
    {"SELECT 1\nGO\nSELECT 2", {sqlserver}},
    {"# comment\nSELECT 1", {mysql}},
    {"REPLACE INTO t VALUES (1)", {mysql, sqlite}},
    {"CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END;", {sqlite, mysql, sqlserver, oracle}},
    {"BEGIN\n  x := 1; y(2);\nEND;\n/", {oracle}},
    {"SELECT @a, :b FROM t", {mysql, sqlserver, oracle, sqlite}},
    {"PRAGMA table_info(t)", {sqlite}},
    {"ATTACH 'file.db' AS x", {sqlite}},
  };
  for (const auto& [sql, valid_in] : rows)
    for (const auto dialect : {postgresql, mysql, sqlserver, sqlite, oracle}) {
      const auto expected = std::ranges::find(valid_in, dialect) != valid_in.end();
      CHECK_EQ(problem(dialect, sql).empty() == expected
                 ? ""
                 : std::string{sql} + " " + boost::describe::enum_to_string(dialect, ""),
               "");
    }
}

TEST("MongoDB's shell and documents") {
  for (const auto* text :
       {"db.users.find()", "db.users.find({age: {$gt: 21}, 'name': /^a\\/'b/i}).sort({age: -1}).limit(5);",
        "db.orders.aggregate([{$match: {status: \"A\"}}, {$group: {_id: \"$cust\", n: {$sum: 1}}},])",
        "use shop\ndb.items.insertOne({a: new Date(), b: [1, 2, 3], c: ObjectId(\"5\"), d: -1.5e3})",
        "{\"find\": \"users\", \"filter\": {\"a\": null}}",
        "db.c.find().forEach(function (d) { print(d.a); })",
        "db.c.updateOne({_id: 1}, {$set: {\"a.b\": true}}) // note", "db.c.find().map(d => d.a)",
        "const n = db.c.countDocuments({});\nprint(n)"}) {
    const auto said = problem(sql_dialect::mongodb, text);
    CHECK_EQ(said.empty() ? "" : text + (": " + said), "");
  }
  for (const auto* text :
       {"db.users.find({age: })", "db.users.find({age 1})", "db.users.find({a: 1)", "db.users.find({a: 1}",
        "db..find()", "db.users.find({a: 1 b: 2})", "db.users.", "SELECT 1", "{a: 1,, b: 2}",
        "db.users.find({, a: 1})", "db.users.find(\"a)", "{a: [1, 2}", "db.c.find({a: 1})) ", "{:1}"})
    CHECK_EQ(problem(sql_dialect::mongodb, text).empty() ? text : "", "");
}

TEST("hostile statements neither overflow the stack nor take long") {
  constexpr std::size_t deep = 100'000;
  const std::vector<std::string> texts{
    repeated("SELECT ", "(", deep),
    repeated("SELECT ", "(", deep, "1") + std::string(deep, ')'),
    repeated("SELECT * FROM ", "(SELECT * FROM ", 15'000),
    repeated("SELECT 1 WHERE a IN (1", ",1", deep, ")"),
    repeated("SELECT 1", "+1", deep),
    repeated("SELECT ", "- ", deep, "1"),
    repeated("SELECT ", "-(", deep),
    repeated("SELECT ", "NOT ", 60'000, "1"),
    repeated("SELECT 1 ", "+", 250'000, "1"),
    repeated("SELECT ", "/*", deep),
    repeated("SELECT ", "/**/", 60'000, "1"),
    repeated("SELECT ", "+/**/", 50'000, "1"),
    repeated("SELECT E'a'\n'\\' ' ", "+", 200'000),
    repeated("SELECT ", "$a", deep),
    repeated("SELECT ", "'a'\n", 60'000),
    repeated("SELECT ", "CASE WHEN 1 THEN ", 15'000),
    repeated("", "SELECT 1;", 28'000),
    repeated("", ";", 250'000),
    repeated("SELECT a", "[1]", 80'000),
    repeated("SELECT a", ".a", deep),
    repeated("db.a.b(", "[", deep),
    repeated("db.a.b(", "{a:", 80'000),
    repeated("SELECT 1", " UNION SELECT 1", 17'000),
  };
  for (const auto dialect : {sql_dialect::postgresql, sql_dialect::mysql, sql_dialect::sqlserver,
                             sql_dialect::sqlite, sql_dialect::oracle, sql_dialect::mongodb})
    for (const auto& text : texts) {
      const auto parse = [&](std::string_view sql) { sql::parser{dialect}.find_error(sql); };
      CHECK_EQ(grows_out_of_proportion(parse, text) ? text.substr(0, 20) : "", "");
    }
  CHECK_EQ(problem(sql_dialect::postgresql, texts[0]), "nested too deeply");
  CHECK_EQ(problem(sql_dialect::sqlite, texts[0]), "nested too deeply");
  CHECK_EQ(problem(sql_dialect::mysql, texts[0]), "a parenthesis is not closed");
  CHECK_EQ(problem(sql_dialect::postgresql, texts[8]), "an operator is too long");
}

TEST("looking for SQL takes time in proportion to the text") {
  struct unit {
    std::string_view part;
    std::string_view tail = ""; ///< ends what the parts left open
  };
  for (const auto dialect : every_dialect_and_mongodb)
    for (const auto& [part, tail] : std::initializer_list<unit>{
           {"SELECT 1;\n"},
           {"SELECT 1; "},
           {": SELECT a "},
           {"`SELECT "},
           {"```\n"},
           {"SELECT '"},
           {"a "},
           {"\n"},
           {" "},
           {"~~~sql\n"},
           {"WITH x AS (\n"},
           {"SELECT a FROM t\n"},
           {"select (\n"},
           {"UPDATE a SET b=1\nand "},
           {":"},
           {":a"},
           {"`a"},
           {"db.a(\n"},
           {"db.a()\n"},
           {"SELECT a FROM t\n/*\n", "*/\nx"},
           {"SELECT a FROM t\n/*\n", "*/"},
           {"SELECT a FROM t\n/* x */\nx\n"},
           {"SELECT a FROM t\n/*\n"},
           {"SELECT a FROM t\n-- x\n"},
           {"UPDATE a SET b = 1\n'\n", "'\nx"},
           {"UPDATE a SET b = 1\n\"\n", "\"\nx"},
           {"UPDATE a SET b = 1\n[\n", "]\nx"},
           {"UPDATE a SET b = 1\n$a$\n", "$a$\nx"},
           {"UPDATE a SET b = 1\n$a$\n$b$\n", "$a$\nx"},
           {"UPDATE a SET b = 1\nq'<\n", ">'\nx"},
           {"UPDATE a SET b = 1\nE'\n", "'\nx"},
         }) {
      constexpr std::size_t size = 1 << 18;
      const auto find = [&](std::string_view text) { sql::find_sources(text, dialect); };
      const auto text = repeated("", part, size / part.size(), tail);
      const auto sixteenth = repeated("", part, size / 16 / part.size(), tail);
      CHECK_EQ(grows_out_of_proportion(find, sixteenth, text)
                 ? std::string{part} + boost::describe::enum_to_string(dialect, "")
                 : "",
               "");
    }
}

TEST("a comment behind a statement is not searched for others") {
  using enum sql_dialect;
  CHECK_EQ(sources("SELECT a FROM t\n/*\nSELECT b FROM u\n*/\nx", mysql), "SELECT a FROM t");
  CHECK_EQ(sources("SELECT a FROM t\n/* x */\nUPDATE t SET a = 1\nx", mysql),
           "SELECT a FROM t|UPDATE t SET a = 1");
  CHECK_EQ(sources("SELECT a FROM t -- x\nWHERE b = 1\nx", mysql), "SELECT a FROM t -- x\nWHERE b = 1");
  CHECK_EQ(sources("DELETE FROM t\nq'<\nUPDATE t SET a = 1\n>'", oracle), "DELETE FROM t|UPDATE t SET a = 1");
}

TEST("looking for SQL can be stopped") {
  for (const auto dialect : every_dialect_and_mongodb)
    for (const std::string_view part :
         {"SELECT 1;\n", "a\n", ":a", "SELECT a,\n", "~~~sql\n", "db.a()\n", "SELECT a FROM t\n/*\n"}) {
      const auto text = repeated("", part, (1 << 16) / part.size(), "*/\nx");
      std::size_t asked = 0;
      const auto all = sql::find_sources(text, dialect, [&] { return ++asked == 0; });
      if (asked <= 3)
        continue; // what this dialect reads in one piece
      asked = 0;
      const auto found = sql::find_sources(text, dialect, [&] { return ++asked == 3; });
      CHECK_EQ(asked, 3u);
      CHECK(found.size() <= all.size());
      CHECK(found.empty() || found.back().begin < text.size() / 2);
    }
  std::size_t asked = 0;
  const auto never = [&] { return ++asked == 0; };
  sql::find_sources(repeated("", "SELECT a FROM t\n/* */\nx\n", 1000), sql_dialect::mysql, never);
  sql::find_sources(repeated("SELECT a", ", a", 1000), sql_dialect::mysql, never);
  sql::find_sources(repeated("", ":a", 1000), sql_dialect::mysql, never);
  CHECK(asked > 30);
}

TEST("a place where no statement begins costs little") {
  for (const auto dialect : every_dialect) {
    const auto find = [&](std::string_view text) { sql::find_sources(text, dialect); };
    CHECK(!costs_more_than(find, repeated("", ":a", 1 << 14), 100, repeated("", ".a", 1 << 14)));
  }
}

TEST("SQLite is set up once per text") {
  const auto text = repeated("", "SELECT 1;\n", 1000);
  CHECK_EQ(sql::find_sources(text, sql_dialect::sqlite).size(), 1000u);
  const auto rail = compile_rail(sql_only(sql_dialect::sqlite), direction::text);
  const auto whole = [&](std::string_view t) { rail.judge(t, no_time); };
  const auto one_by_one = [&](std::string_view t) {
    for (std::size_t at = 0; at < t.size(); at += 10)
      sql::parser{sql_dialect::sqlite}.find_error(t.substr(at, 8));
  };
  bool less = false;
  for (int attempt = 0; attempt < 4 && !less; ++attempt)
    less = nanoseconds_per_byte(whole, text) < nanoseconds_per_byte(one_by_one, text) / 2;
  CHECK(less);
}

TEST("one piece does not bear on the next") {
  sql::parser parser{sql_dialect::sqlite};
  for (int round = 0; round < 2; ++round) {
    CHECK(parser.find_error("SELECT a FROM").has_value());
    CHECK(!parser.find_error("CREATE TABLE t (a)").has_value());
    CHECK(!parser.find_error("BEGIN; PRAGMA page_size = 1024; DROP TABLE t").has_value());
  }
}

TEST("the text is judged as it was written") {
  CHECK_EQ(verdict(sql_dialect::postgresql, "SELECT a FROM t WHERE b = '\uff15\uff07\uff10';"), "ok");
  CHECK_EQ(verdict(sql_dialect::postgresql, "SELECT 'o\ufb03ce', FROM t;"),
           "line 1, column 16: syntax error");
  CHECK_EQ(verdict(sql_dialect::postgresql, "E\ufb03cient: SELECT 'o\ufb03ce', FROM t;"),
           "line 1, column 25: syntax error");
}

TEST("a long source is refused, a NUL is found") {
  CHECK_EQ(problem(sql_dialect::postgresql, repeated("SELECT '", "a", sql::longest_source, "'")),
           "longer than 256 KiB, which this check does not parse");
  CHECK_EQ(problem(sql_dialect::postgresql, std::string_view{"SELECT 1\0 FROM", 14}), "a NUL character");
}

TEST("SQLite executes nothing and attaches nothing") {
  CHECK_EQ(
    problem(sql_dialect::sqlite, "ATTACH '/tmp/guardrails-must-not-exist.db' AS x; CREATE TABLE x.t(a)"), "");
  CHECK(!std::ifstream{"/tmp/guardrails-must-not-exist.db"});
  CHECK_EQ(
    problem(sql_dialect::sqlite, "PRAGMA temp_store_directory = '/nowhere'; SELECT load_extension('x')"), "");
}

TEST("many threads may parse at once") {
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round)
        for (const auto dialect : every_dialect)
          wrong += problem(dialect, "SELECT a FROM t WHERE b = 1").empty() &&
                       !problem(dialect, "SELECT a FROM").empty()
                     ? 0
                     : 1;
    });
  for (auto& thread : threads)
    thread.join();
  CHECK_EQ(wrong.load(), 0);
}
