// A schema and a document, divided by a NUL: whatever they are, places lie within the document, and the same
// is said twice.
#include "json/schema.hpp"

#include <cstdlib>
#include <optional>

namespace {

using namespace guardrails::json;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

std::optional<boost::json::value> read(std::string_view text) {
  auto result = parse(text);
  if (const auto* error = std::get_if<syntax_error>(&result)) {
    expect(error->offset <= text.size() && !error->problem.empty());
    return std::nullopt;
  }
  return std::get<boost::json::value>(std::move(result));
}

std::optional<schema> compile(const boost::json::value& source) {
  try {
    return schema{source};
  } catch (const schema_error&) {
    return std::nullopt;
  }
}

std::optional<std::vector<violation>> validate(const schema& s, const boost::json::value& document) {
  try {
    return s.validate(document, 20);
  } catch (const std::runtime_error&) { // alternatives that multiply
    return std::nullopt;
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const auto middle = std::min(input.find('\0'), size);
  const auto text = input.substr(std::min(middle + 1, size));
  const auto source = read(input.substr(0, middle));
  const auto document = read(text);
  if (!source || !document)
    return 0;
  const auto compiled = compile(*source);
  if (!compiled)
    return 0;
  const auto first = validate(*compiled, *document);
  const auto second = validate(*compiled, *document);
  expect(first.has_value() == second.has_value());
  if (!first)
    return 0;
  expect(first->size() == second->size() && first->size() <= 20);
  for (const auto& broken : *first) {
    const auto where = find_value(text, broken.where);
    expect(where.begin < where.end && where.end <= text.size());
    expect(read(text.substr(where.begin, where.end - where.begin)).has_value());
  }
  return 0;
}
