// Equality of JSON values as JSON Schema sees it, made a matter of comparing texts.
#include "json/schema_node.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace guardrails::json {

namespace {

constexpr double above_every_integer = 18446744073709551616.0; // 2^64

void append(std::string& out, const boost::json::value& value);

void append(std::string& out, double number) {
  // Whole ones as an integer is written.
  if (number == std::trunc(number) && std::abs(number) < above_every_integer) {
    if (number < 0)
      out += '-';
    out += std::to_string(static_cast<std::uint64_t>(std::abs(number)));
    return;
  }
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  out.append(std::begin(digits), end);
}

void append(std::string& out, const boost::json::object& object) {
  std::vector<const boost::json::key_value_pair*> members;
  members.reserve(object.size());
  for (const auto& member : object)
    members.push_back(&member);
  std::ranges::sort(members, {}, [](const auto* member) { return member->key(); });
  out += '{';
  for (const auto* member : members) {
    out += boost::json::serialize(member->key());
    out += ':';
    append(out, member->value());
    out += ',';
  }
  out += '}';
}

void append(std::string& out, const boost::json::value& value) {
  if (value.is_double())
    return append(out, value.get_double());
  if (value.is_object())
    return append(out, value.get_object());
  if (!value.is_array()) {
    out += boost::json::serialize(value);
    return;
  }
  out += '[';
  for (const auto& element : value.get_array()) {
    append(out, element);
    out += ',';
  }
  out += ']';
}

} // namespace

std::string canonical(const boost::json::value& value) {
  std::string text;
  append(text, value);
  return text;
}

} // namespace guardrails::json
