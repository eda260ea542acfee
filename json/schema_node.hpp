// One compiled schema: what each keyword asks of a value. Keywords that are absent ask nothing.
#pragma once

#include "json/document.hpp"

#include <re2/re2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace guardrails::json {

using node_index = std::uint32_t;

/// A set of types, one bit each.
using type_set = std::uint8_t;

namespace type_bit {
inline constexpr type_set null = 1 << 0;
inline constexpr type_set boolean = 1 << 1;
inline constexpr type_set integer = 1 << 2; ///< a number without a fraction
inline constexpr type_set number = 1 << 3;  ///< any number
inline constexpr type_set string = 1 << 4;
inline constexpr type_set array = 1 << 5;
inline constexpr type_set object = 1 << 6;
} // namespace type_bit

struct count_range {
  std::optional<std::uint64_t> least;
  std::optional<std::uint64_t> most;
};

struct schema_node {
  path where;          ///< of the schema itself
  bool never = false;  ///< the schema `false`
  bool shared = false; ///< a `$ref` leads here: alternatives may apply it to one value again and again

  std::optional<type_set> types;
  std::optional<std::set<std::string>> choices; ///< `enum`, as canonical() writes values
  std::optional<std::string> constant;          ///< `const`, likewise

  // Numbers as they are written.
  std::optional<boost::json::value> minimum;
  std::optional<boost::json::value> maximum;
  std::optional<boost::json::value> exclusive_minimum;
  std::optional<boost::json::value> exclusive_maximum;
  std::optional<boost::json::value> multiple_of;

  count_range length; ///< in code points
  std::unique_ptr<const re2::RE2> pattern;

  count_range items_count;
  bool unique_items = false;
  std::vector<node_index> prefix_items;
  std::optional<node_index> items;
  std::optional<node_index> contains;
  count_range contains_count;

  count_range properties_count;
  std::vector<std::string> required;
  std::map<std::string, std::vector<std::string>> dependent_required;
  std::map<std::string, node_index> dependent_schemas;
  std::map<std::string, node_index, std::less<>> properties;
  std::vector<std::pair<std::unique_ptr<const re2::RE2>, node_index>> pattern_properties;
  std::optional<node_index> additional_properties;
  std::optional<node_index> property_names;

  std::optional<node_index> ref;
  std::vector<node_index> all_of;
  std::vector<node_index> any_of;
  std::vector<node_index> one_of;
  std::optional<node_index> negated;
  std::optional<node_index> condition;
  std::optional<node_index> consequence;
  std::optional<node_index> alternative;
};

/// A text that is the same for equal values and no others: members in order, 1.0 as 1.
std::string canonical(const boost::json::value& value);

std::vector<schema_node> compile_schema(const boost::json::value& source);

} // namespace guardrails::json
