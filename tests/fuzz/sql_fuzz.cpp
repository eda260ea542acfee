// Any bytes as a text with SQL and as SQL itself: pieces lie in order within the text, errors within the
// piece, for every dialect; a parser that has read other pieces says
// the same.
#include "checks/sql/parsers.hpp"
#include "checks/sql/statement_finder.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <cstdlib>

namespace {

using namespace guardrails;
using namespace guardrails::checks;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

void parse(sql_dialect dialect, sql::parser& used, std::string_view text) {
  const auto error = used.find_error(text);
  const auto again = sql::parser{dialect}.find_error(text);
  expect(error.has_value() == again.has_value());
  expect(!error ||
         (error->offset <= text.size() && error->offset == again->offset && !error->problem.empty()));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<sql_dialect>>([&](auto d) {
    sql::parser parser{d.value};
    parse(d.value, parser, text);
    std::size_t end = 0;
    for (const auto& source : sql::find_sources(text, d.value)) {
      expect(end <= source.begin && source.begin < source.end && source.end <= text.size());
      end = source.end;
      parse(d.value, parser, text.substr(source.begin, source.end - source.begin));
    }
  });
  return 0;
}
