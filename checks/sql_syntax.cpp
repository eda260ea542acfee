// The SQL syntax check: SQL in a text must be SQL of the configured dialect.
#include "checks/line_counter.hpp"
#include "checks/registry.hpp"
#include "checks/sql/parsers.hpp"
#include "checks/sql/statement_finder.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>

namespace guardrails::checks {

namespace {

// Pieces of SQL with an error in one text; past them nothing is added. Bounds the report on hostile texts.
constexpr std::size_t most_findings = 100;

class sql_syntax_check final : public text_check {
public:
  explicit sql_syntax_check(sql_dialect dialect)
    : dialect_{dialect} {}

  std::string_view name() const noexcept override { return "sql_syntax"; }
  std::string_view message_key() const noexcept override { return "sql"; }

  /// Normalising changes what strings hold and where columns are.
  text_form reads() const noexcept override { return text_form::original; }

private:
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    auto& verdict = report.sql.emplace();
    line_counter lines{text};
    std::size_t found = 0;
    sql::parser parser{dialect_};
    for (const auto& source : sql::find_sources(text, dialect_, stop)) {
      if ((stop && stop()) || found == most_findings)
        break;
      const auto error = parser.find_error(text.substr(source.begin, source.end - source.begin));
      if (!error)
        continue;
      const auto offset = source.begin + std::min(error->offset, source.end - source.begin);
      const auto sentence = lines.describe(offset) + ": " + error->problem;
      verdict.message.append(found++ == 0 ? "" : "; ").append(sentence);
      add(report, source, offset, text);
    }
    verdict.passed = found == 0;
    return verdict.passed;
  }

  /// The span reaches from the error to the end of the SQL; at its very end it is the whole of it.
  void add(check_report& report, const sql::source& source, std::size_t offset, std::string_view text) const {
    while (offset < source.end && (static_cast<unsigned char>(text[offset]) & 0xc0) == 0x80)
      ++offset;
    finding f;
    f.check = name();
    f.label = "InvalidSQL";
    f.score = 1.0;
    f.threshold = 1.0;
    f.action = finding_action::block;
    f.span = {offset < source.end ? offset : source.begin, source.end};
    f.why.pattern = boost::describe::enum_to_string(dialect_, "");
    report.findings.push_back(std::move(f));
  }

  sql_dialect dialect_;
};

} // namespace

std::unique_ptr<const check> compile_sql_syntax(compile_context& context) {
  const auto& config = context.config.guardrails;
  if (!config.check_sql_syntax)
    return nullptr;
  return std::make_unique<const sql_syntax_check>(config.sql_dialect);
}

} // namespace guardrails::checks
