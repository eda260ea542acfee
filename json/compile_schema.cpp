// A schema as JSON becomes a table of nodes; what could not be honoured is refused here, keyword by keyword.
#include "json/number.hpp"
#include "json/schema.hpp"
#include "json/schema_node.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace guardrails::json {

namespace {

using boost::json::value;

constexpr std::size_t longest_pattern = 4'096; // bytes

constexpr auto type_names = std::to_array<std::pair<std::string_view, type_set>>({
  {"null", type_bit::null},
  {"boolean", type_bit::boolean},
  {"integer", type_bit::integer},
  {"number", type_bit::number | type_bit::integer},
  {"string", type_bit::string},
  {"array", type_bit::array},
  {"object", type_bit::object},
});

path operator/(path steps, path_step step) {
  steps.push_back(std::move(step));
  return steps;
}

std::string_view to_view(boost::json::string_view text) {
  return {text.data(), text.size()};
}

std::string text_of(const value& operand, const path& at) {
  if (!operand.is_string())
    throw schema_error{at, "expected a string"};
  return std::string{to_view(operand.get_string())};
}

const value& number_of(const value& operand, const path& at) {
  if (!operand.is_number())
    throw schema_error{at, "expected a number"};
  return operand;
}

std::uint64_t count_of(const value& operand, const path& at) {
  const auto number = number_of(operand, at).to_number<double>();
  if (number < 0 || number != std::trunc(number) || number > 1e15)
    throw schema_error{at, "expected an integer from 0 on"};
  return static_cast<std::uint64_t>(number);
}

const boost::json::array& array_of(const value& operand, const path& at) {
  if (!operand.is_array() || operand.get_array().empty())
    throw schema_error{at, "expected an array that is not empty"};
  return operand.get_array();
}

const boost::json::object& object_of(const value& operand, const path& at) {
  if (!operand.is_object())
    throw schema_error{at, "expected an object"};
  return operand.get_object();
}

std::vector<std::string> names_of(const value& operand, const path& at) {
  if (!operand.is_array())
    throw schema_error{at, "expected an array of names"};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < operand.get_array().size(); ++i)
    names.push_back(text_of(operand.get_array()[i], at / i));
  return names;
}

type_set type_of(const value& operand, const path& at) {
  const auto name = text_of(operand, at);
  const auto found = std::ranges::find(type_names, name, &std::pair<std::string_view, type_set>::first);
  if (found == type_names.end())
    throw schema_error{at, "expected null, boolean, integer, number, string, array or object"};
  return found->second;
}

std::unique_ptr<const re2::RE2> pattern_of(const std::string& expression, const path& at) {
  if (expression.size() > longest_pattern)
    throw schema_error{at, "is a pattern of more than " + std::to_string(longest_pattern) + " bytes"};
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto pattern = std::make_unique<const re2::RE2>(expression, options);
  if (!pattern->ok())
    throw schema_error{at, "is not a regular expression of RE2: " + pattern->error()};
  return pattern;
}

/// Names and indices of a JSON Pointer that follows `#`, percent-encoding undone.
std::optional<std::vector<std::string>> pointer_steps(std::string_view fragment) {
  const auto hex = [](char c) { return std::string_view{"0123456789abcdef"}.find(c | 0x20); };
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < fragment.size(); ++i) {
    const auto rest = fragment.size() - i;
    if (fragment[i] == '/')
      steps.emplace_back();
    else if (steps.empty())
      return std::nullopt;
    else if (fragment[i] == '~' && rest > 1 && (fragment[i + 1] == '0' || fragment[i + 1] == '1'))
      steps.back() += fragment[++i] == '0' ? '~' : '/';
    else if (fragment[i] == '%' && rest > 2 && std::isxdigit(static_cast<unsigned char>(fragment[i + 1])) &&
             std::isxdigit(static_cast<unsigned char>(fragment[i + 2]))) {
      const auto digit = [&](std::size_t k) {
        const auto c = fragment[k];
        return c <= '9' ? static_cast<std::size_t>(c - '0') : hex(c);
      };
      steps.back() += static_cast<char>(16 * digit(i + 1) + digit(i + 2));
      i += 2;
    } else
      steps.back() += fragment[i];
  }
  return steps;
}

class compiler {
public:
  std::vector<schema_node> compile(const value& source) {
    add(source, {});
    for (const auto& [node, target, at] : references_) {
      nodes_[node].ref = resolve(target, at);
      nodes_[*nodes_[node].ref].shared = true;
    }
    heights_.assign(nodes_.size(), 0);
    for (node_index i = 0; i < nodes_.size(); ++i)
      height_of(i, 1);
    return std::move(nodes_);
  }

private:
  struct reference {
    node_index node;
    std::string target;
    path at;
  };

  using keyword = void (compiler::*)(node_index, const value&, const path&);

  // Nodes move while the table grows, so they are named by their index.
  node_index add(const value& source, path at) {
    if (nodes_.size() >= schema::max_nodes)
      throw schema_error{at, "is more than the " + std::to_string(schema::max_nodes) + " schemas allowed"};
    if (!source.is_bool() && !source.is_object())
      throw schema_error{at, "expected a schema: an object, true or false"};
    const auto index = static_cast<node_index>(nodes_.size());
    nodes_.emplace_back().where = at;
    by_pointer_.emplace(to_pointer(at), index);
    if (source.is_bool()) {
      nodes_[index].never = !source.get_bool();
      return index;
    }
    for (const auto& member : source.get_object())
      add_keyword(index, to_view(member.key()), member.value(), at / std::string{to_view(member.key())});
    return index;
  }

  void add_keyword(node_index node, std::string_view name, const value& operand, const path& at) {
    constexpr auto notes =
      std::to_array<std::string_view>({"$schema", "$id", "$comment", "title", "description", "default",
                                       "examples", "deprecated", "readOnly", "writeOnly", "format"});
    const auto& known = keywords();
    if (const auto found = known.find(name); found != known.end())
      (this->*found->second)(node, operand, at);
    else if (std::ranges::find(notes, name) == notes.end() && !name.starts_with("x-"))
      throw schema_error{at, "is not a keyword of the subset of JSON Schema that is supported"};
  }

  static const std::map<std::string_view, keyword>& keywords() {
    using c = compiler;
    using n = schema_node;
    static const std::map<std::string_view, keyword> table{
      {"type", &c::read_type},
      {"enum", &c::read_enum},
      {"const", &c::read_const},
      {"minimum", &c::read_number<&n::minimum>},
      {"maximum", &c::read_number<&n::maximum>},
      {"exclusiveMinimum", &c::read_number<&n::exclusive_minimum>},
      {"exclusiveMaximum", &c::read_number<&n::exclusive_maximum>},
      {"multipleOf", &c::read_multiple_of},
      {"minLength", &c::read_count<&n::length, &count_range::least>},
      {"maxLength", &c::read_count<&n::length, &count_range::most>},
      {"pattern", &c::read_pattern},
      {"minItems", &c::read_count<&n::items_count, &count_range::least>},
      {"maxItems", &c::read_count<&n::items_count, &count_range::most>},
      {"uniqueItems", &c::read_unique_items},
      {"prefixItems", &c::read_schemas<&n::prefix_items>},
      {"items", &c::read_items},
      {"contains", &c::read_schema<&n::contains>},
      {"minContains", &c::read_count<&n::contains_count, &count_range::least>},
      {"maxContains", &c::read_count<&n::contains_count, &count_range::most>},
      {"minProperties", &c::read_count<&n::properties_count, &count_range::least>},
      {"maxProperties", &c::read_count<&n::properties_count, &count_range::most>},
      {"required", &c::read_required},
      {"dependentRequired", &c::read_dependent_required},
      {"dependentSchemas", &c::read_dependent_schemas},
      {"properties", &c::read_properties},
      {"patternProperties", &c::read_pattern_properties},
      {"additionalProperties", &c::read_schema<&n::additional_properties>},
      {"propertyNames", &c::read_schema<&n::property_names>},
      {"$defs", &c::read_definitions},
      {"definitions", &c::read_definitions},
      {"$ref", &c::read_ref},
      {"allOf", &c::read_schemas<&n::all_of>},
      {"anyOf", &c::read_schemas<&n::any_of>},
      {"oneOf", &c::read_schemas<&n::one_of>},
      {"not", &c::read_schema<&n::negated>},
      {"if", &c::read_schema<&n::condition>},
      {"then", &c::read_schema<&n::consequence>},
      {"else", &c::read_schema<&n::alternative>},
    };
    return table;
  }

  template <std::optional<value> schema_node::*Member>
  void read_number(node_index node, const value& operand, const path& at) {
    nodes_[node].*Member = number_of(operand, at);
  }

  template <count_range schema_node::*Member, std::optional<std::uint64_t> count_range::*Bound>
  void read_count(node_index node, const value& operand, const path& at) {
    nodes_[node].*Member.*Bound = count_of(operand, at);
  }

  template <std::optional<node_index> schema_node::*Member>
  void read_schema(node_index node, const value& operand, const path& at) {
    const auto index = add(operand, at);
    nodes_[node].*Member = index;
  }

  template <std::vector<node_index> schema_node::*Member>
  void read_schemas(node_index node, const value& operand, const path& at) {
    const auto& schemas = array_of(operand, at);
    for (std::size_t i = 0; i < schemas.size(); ++i) {
      const auto index = add(schemas[i], at / i);
      (nodes_[node].*Member).push_back(index);
    }
  }

  void read_type(node_index node, const value& operand, const path& at) {
    type_set types = 0;
    if (operand.is_array()) {
      const auto& names = array_of(operand, at);
      for (std::size_t i = 0; i < names.size(); ++i)
        types |= type_of(names[i], at / i);
    } else
      types = type_of(operand, at);
    nodes_[node].types = types;
  }

  void read_enum(node_index node, const value& operand, const path& at) {
    auto& choices = nodes_[node].choices.emplace();
    for (const auto& choice : array_of(operand, at))
      choices.insert(canonical(choice));
  }

  void read_const(node_index node, const value& operand, const path&) {
    nodes_[node].constant = canonical(operand);
  }

  void read_multiple_of(node_index node, const value& operand, const path& at) {
    if (compare(number_of(operand, at), 0) <= 0)
      throw schema_error{at, "expected a number above 0"};
    nodes_[node].multiple_of = operand;
  }

  void read_pattern(node_index node, const value& operand, const path& at) {
    nodes_[node].pattern = pattern_of(text_of(operand, at), at);
  }

  void read_unique_items(node_index node, const value& operand, const path& at) {
    if (!operand.is_bool())
      throw schema_error{at, "expected true or false"};
    nodes_[node].unique_items = operand.get_bool();
  }

  void read_items(node_index node, const value& operand, const path& at) {
    if (operand.is_array())
      throw schema_error{at, "expected a schema; a list of schemas is written as prefixItems"};
    read_schema<&schema_node::items>(node, operand, at);
  }

  void read_required(node_index node, const value& operand, const path& at) {
    nodes_[node].required = names_of(operand, at);
  }

  void read_dependent_required(node_index node, const value& operand, const path& at) {
    for (const auto& member : object_of(operand, at)) {
      const std::string name{to_view(member.key())};
      nodes_[node].dependent_required[name] = names_of(member.value(), at / name);
    }
  }

  void read_dependent_schemas(node_index node, const value& operand, const path& at) {
    for (const auto& member : object_of(operand, at)) {
      const std::string name{to_view(member.key())};
      const auto index = add(member.value(), at / name);
      nodes_[node].dependent_schemas[name] = index;
    }
  }

  void read_properties(node_index node, const value& operand, const path& at) {
    for (const auto& member : object_of(operand, at)) {
      const std::string name{to_view(member.key())};
      const auto index = add(member.value(), at / name);
      nodes_[node].properties[name] = index;
    }
  }

  void read_pattern_properties(node_index node, const value& operand, const path& at) {
    for (const auto& member : object_of(operand, at)) {
      const std::string expression{to_view(member.key())};
      auto pattern = pattern_of(expression, at / expression);
      const auto index = add(member.value(), at / expression);
      nodes_[node].pattern_properties.emplace_back(std::move(pattern), index);
    }
  }

  void read_definitions(node_index, const value& operand, const path& at) {
    for (const auto& member : object_of(operand, at))
      add(member.value(), at / std::string{to_view(member.key())});
  }

  void read_ref(node_index node, const value& operand, const path& at) {
    references_.push_back({node, text_of(operand, at), at});
  }

  node_index resolve(const std::string& target, const path& at) const {
    if (!target.starts_with('#'))
      throw schema_error{at,
                         "refers to another document; expected a place in this schema such as #/$defs/name"};
    const auto steps = pointer_steps(std::string_view{target}.substr(1));
    path names;
    if (steps)
      names.assign(steps->begin(), steps->end());
    const auto found = by_pointer_.find(to_pointer(names));
    if (!steps || found == by_pointer_.end())
      throw schema_error{at, "refers to no schema in this one"};
    return found->second;
  }

  /// How many schemas are applied to the same value from this one on. A circle has no end.
  std::size_t height_of(node_index index, std::size_t level) {
    const auto& node = nodes_[index];
    if (level + heights_[index] > schema::max_chain)
      throw schema_error{node.where, "applies to a value more than " + std::to_string(schema::max_chain) +
                                       " schemas deep, or refers to itself on the spot"};
    if (heights_[index] != 0)
      return heights_[index];
    std::size_t height = 0;
    for (const auto next : applied_in_place(node))
      height = std::max(height, height_of(next, level + 1));
    return heights_[index] = height + 1;
  }

  static std::vector<node_index> applied_in_place(const schema_node& node) {
    std::vector<node_index> all;
    for (const auto* list : {&node.all_of, &node.any_of, &node.one_of})
      all.insert(all.end(), list->begin(), list->end());
    for (const auto& one : {node.ref, node.negated, node.condition, node.consequence, node.alternative})
      if (one)
        all.push_back(*one);
    for (const auto& [name, index] : node.dependent_schemas)
      all.push_back(index);
    return all;
  }

  std::vector<schema_node> nodes_;
  std::map<std::string, node_index> by_pointer_;
  std::vector<reference> references_;
  std::vector<std::size_t> heights_;
};

} // namespace

std::vector<schema_node> compile_schema(const value& source) {
  return compiler{}.compile(source);
}

} // namespace guardrails::json
