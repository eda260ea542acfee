// Boost.JSON's own limits hold: 32 levels, valid UTF-8.
#include "train/json_row.hpp"

#include <boost/json/parse.hpp>

namespace guardrails::train {

namespace json = boost::json;

json::object parse_row(std::string_view line) {
  json::error_code problem;
  auto value = json::parse({line.data(), line.size()}, problem);
  if (problem || !value.is_object())
    throw row_error{"the row is no JSON object"};
  return std::move(value.as_object());
}

const json::string* string_in(const json::object& row, std::string_view name) {
  const auto* found = row.if_contains({name.data(), name.size()});
  return found == nullptr ? nullptr : found->if_string();
}

} // namespace guardrails::train
