// A map becomes JSON, a text is JSON already; either way the schema is compiled once to name what is wrong.
#include "config/schema_key.hpp"

#include "config/key_entry.hpp"
#include "config/printable.hpp"
#include "json/schema.hpp"

#include <boost/json/serialize.hpp>

namespace guardrails::config {

namespace {

constexpr std::string_view expected = "a JSON Schema";

/// A plain scalar is what JSON takes it for, and a text otherwise.
boost::json::value scalar_value(const place& at) {
  const auto scalar = at.read_scalar(std::string{expected});
  if (!scalar.quoted && scalar.text.find_first_of("{[\"") != 0)
    if (auto read = json::parse(scalar.text); std::holds_alternative<boost::json::value>(read))
      return std::get<boost::json::value>(std::move(read));
  return boost::json::string(scalar.text);
}

place member_of(const place& at, const member& m) {
  return {at.in, m.value, at.path + '.' + printable(m.key, 80)};
}

boost::json::value to_json(const place& at) {
  switch (at.value.kind) {
  case shape::nothing:
    return nullptr;
  case shape::scalar:
    return scalar_value(at);
  case shape::list: {
    boost::json::array list;
    for (std::size_t i = 0; i < at.value.items.size(); ++i)
      list.push_back(to_json(at.element(i)));
    return list;
  }
  case shape::map:
    break;
  }
  boost::json::object map;
  for (const auto& m : at.value.members)
    map[m.key] = to_json(member_of(at, m));
  return map;
}

/// Fails at the place within a schema in YAML that `steps` lead to.
[[noreturn]] void fail_within(const place& at, std::span<const json::path_step> steps,
                              const std::string& problem) {
  if (steps.empty())
    at.fail(problem);
  if (const auto* index = std::get_if<std::size_t>(&steps.front()))
    fail_within(at.element(*index), steps.subspan(1), problem);
  const auto& name = std::get<std::string>(steps.front());
  for (const auto& m : at.value.members)
    if (m.key == name)
      fail_within(member_of(at, m), steps.subspan(1), problem);
  at.fail(problem);
}

void compile(const place& at, const boost::json::value& source) {
  try {
    json::schema{source};
  } catch (const json::schema_error& error) {
    if (at.value.kind == shape::map)
      fail_within(at, error.where(), error.what());
    at.fail("cannot be used: at `" + json::to_pointer(error.where()) + "`: " + error.what());
  }
}

void read_schema(rails_config& config, const place& at) {
  auto& target = config.guardrails.output_json->schema;
  if (at.value.kind == shape::map) {
    const auto source = to_json(at);
    compile(at, source);
    target = boost::json::serialize(source);
    return;
  }
  if (at.value.kind != shape::scalar)
    at.fail_type("a JSON Schema, as a map or as JSON text");
  auto text = parse_text(at, {});
  const auto source = json::parse(text);
  if (const auto* error = std::get_if<json::syntax_error>(&source))
    at.fail("is not JSON (at byte " + std::to_string(error->offset) + ": " + error->problem + ')');
  compile(at, std::get<boost::json::value>(source));
  target = std::move(text);
}

} // namespace

key output_json_schema_key() {
  auto made = value("guardrails.output_json.schema",
                    in_section(&guardrails_config::output_json, &output_json_config::schema), {},
                    "What the JSON must be like; without it, any JSON passes.")
                .made;
  made.type = "JSON Schema";
  made.allowed = "a map, or JSON as a text; docs/json.md lists the keywords";
  made.read = read_schema;
  return made;
}

} // namespace guardrails::config
