// Applies a compiled schema to a document, keyword by keyword.
#include "json/schema.hpp"

#include "json/number.hpp"
#include "json/schema_node.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace guardrails::json {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr std::size_t steps_between_stops = 1'024;
// Schemas applied, for each pair of a schema and a value of the document: each pair is judged once in silence
// and once aloud, and names of members come on top.
constexpr std::size_t applications_of_pair = 4;

std::string_view to_view(boost::json::string_view text) {
  return {text.data(), text.size()};
}

std::size_t values_in(const value& document) {
  std::size_t count = 1;
  if (const auto* elements = document.if_array())
    for (const auto& element : *elements)
      count += values_in(element);
  if (const auto* members = document.if_object())
    for (const auto& member : *members)
      count += values_in(member.value());
  return count;
}

bool is_whole(double number) {
  return number == std::trunc(number);
}

type_set type_of(const value& v) {
  switch (v.kind()) {
  case boost::json::kind::null:
    return type_bit::null;
  case boost::json::kind::bool_:
    return type_bit::boolean;
  case boost::json::kind::int64:
  case boost::json::kind::uint64:
    return type_bit::integer;
  case boost::json::kind::double_:
    return is_whole(v.get_double()) ? type_bit::integer : type_bit::number;
  case boost::json::kind::string:
    return type_bit::string;
  case boost::json::kind::array:
    return type_bit::array;
  default:
    return type_bit::object;
  }
}

std::string names_of(type_set types) {
  constexpr auto names = std::to_array<std::pair<type_set, std::string_view>>({
    {type_bit::null, "null"},
    {type_bit::boolean, "boolean"},
    {type_bit::number, "number"},
    {type_bit::integer, "integer"},
    {type_bit::string, "string"},
    {type_bit::array, "array"},
    {type_bit::object, "object"},
  });
  if ((types & type_bit::number) != 0)
    types &= static_cast<type_set>(~type_bit::integer); // goes without saying
  std::string text;
  for (const auto& [bit, name] : names)
    if ((types & bit) != 0)
      text.append(text.empty() ? "" : " or ").append(name);
  return text;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
    std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool matches(const re2::RE2& pattern, std::string_view text) {
  return re2::RE2::PartialMatch({text.data(), text.size()}, pattern);
}

bool all_different(const array& elements) {
  std::unordered_set<std::string> seen;
  return std::ranges::all_of(elements,
                             [&](const auto& element) { return seen.insert(canonical(element)).second; });
}

/// Where in the document the validation is, as a list from the inside out.
struct position {
  const position* outer = nullptr;
  std::string_view name;
  std::size_t index = 0;
  bool is_member = false;
};

path to_path(const position* at) {
  path steps;
  for (; at != nullptr; at = at->outer) {
    if (at->is_member)
      steps.emplace_back(std::string{at->name});
    else
      steps.emplace_back(at->index);
  }
  std::ranges::reverse(steps);
  return steps;
}

/// One document under validation.
class validation {
public:
  validation(const std::vector<schema_node>& nodes, const value& document, std::size_t most,
             const std::function<bool()>& stop)
    : nodes_{nodes}
    , most_{most}
    , stop_{stop}
    , steps_left_{applications_of_pair * nodes.size() * values_in(document)} {
    apply(0, document, nullptr);
  }

  std::vector<violation> take() { return std::move(found_); }

private:
  bool apply(node_index index, const value& v, const position* at) {
    if (steps_left_-- == 0)
      throw std::runtime_error{"the alternatives of the schema multiply"};
    if (stopped_ || (stop_ && steps_left_ % steps_between_stops == 0 && stop_()))
      return stopped_ = true;
    const auto& node = nodes_[index];
    if (!node.shared || judges_name_)
      return apply_node(node, v, at);
    if (const auto known = judged_.find({index, &v});
        known != judged_.end() && (known->second.holds || known->second.reported || silent_ > 0))
      return known->second.holds;
    const auto holds = apply_node(node, v, at);
    judged_[{index, &v}] = {holds, silent_ == 0};
    return holds;
  }

  // Verdicts are remembered by a value's place, which a copy made on the way has not.
  bool apply(node_index, const object&, const position*) = delete;
  bool apply(node_index, const array&, const position*) = delete;

  bool apply_node(const schema_node& node, const value& v, const position* at) {
    if (node.never)
      return fail(node, "", "is not allowed", at);
    // All are applied, so that the report is complete; where nobody listens, the first failure ends it.
    const auto good = apply_to_any(node, v, at);
    if (!good && silent_ > 0)
      return false;
    return apply_by_type(node, v, at) && good;
  }

  bool apply_by_type(const schema_node& node, const value& v, const position* at) {
    if (v.is_number())
      return apply_to_number(node, v, at);
    if (const auto* text = v.if_string())
      return apply_to_string(node, to_view(*text), at);
    if (const auto* elements = v.if_array())
      return apply_to_array(node, *elements, at);
    if (v.is_object())
      return apply_to_object(node, v, at);
    return true;
  }

  bool apply_to_any(const schema_node& node, const value& v, const position* at) {
    bool good = true;
    if (const auto type = type_of(v); node.types && (*node.types & type) == 0)
      good = fail(node, "type", "is " + names_of(type) + "; expected " + names_of(*node.types), at);
    if (node.choices || node.constant)
      good &= apply_fixed(node, canonical(v), at);
    if (node.ref)
      good &= apply(*node.ref, v, at);
    for (const auto all : node.all_of)
      good &= apply(all, v, at);
    good &= apply_alternatives(node, v, at);
    if (node.negated && holds(*node.negated, v, at))
      good &= fail(node, "not", "is of a form that is not allowed", at);
    if (node.condition) {
      const auto& branch = holds(*node.condition, v, at) ? node.consequence : node.alternative;
      if (branch)
        good &= apply(*branch, v, at);
    }
    return good;
  }

  bool apply_fixed(const schema_node& node, const std::string& text, const position* at) {
    bool good = true;
    if (node.choices && !node.choices->contains(text))
      good = fail(node, "enum", "is none of the values allowed", at);
    if (node.constant && *node.constant != text)
      good &= fail(node, "const", "is not the one value allowed", at);
    return good;
  }

  bool apply_alternatives(const schema_node& node, const value& v, const position* at) {
    bool good = true;
    if (!node.any_of.empty() &&
        std::ranges::none_of(node.any_of, [&](auto one) { return holds(one, v, at); }))
      good = fail(node, "anyOf", "matches none of the alternatives", at);
    if (node.one_of.empty())
      return good;
    const auto matching = std::ranges::count_if(node.one_of, [&](auto one) { return holds(one, v, at); });
    if (matching != 1)
      good &= fail(node, "oneOf",
                   "matches " + std::to_string(matching) + " of the alternatives; expected exactly one", at);
    return good;
  }

  bool apply_to_number(const schema_node& node, const value& v, const position* at) {
    bool good = true;
    if (node.minimum && compare(v, *node.minimum) < 0)
      good &= fail(node, "minimum", "is too small", at);
    if (node.maximum && compare(v, *node.maximum) > 0)
      good &= fail(node, "maximum", "is too large", at);
    if (node.exclusive_minimum && compare(v, *node.exclusive_minimum) <= 0)
      good &= fail(node, "exclusiveMinimum", "is too small", at);
    if (node.exclusive_maximum && compare(v, *node.exclusive_maximum) >= 0)
      good &= fail(node, "exclusiveMaximum", "is too large", at);
    if (node.multiple_of && !is_multiple(v, *node.multiple_of))
      good &= fail(node, "multipleOf", "is no multiple of what it must be", at);
    return good;
  }

  bool apply_to_string(const schema_node& node, std::string_view text, const position* at) {
    auto good = apply_range(node, node.length, code_points(text), {"minLength", "maxLength"}, at);
    if (node.pattern && !matches(*node.pattern, text))
      good &= fail(node, "pattern", "does not match the pattern", at);
    return good;
  }

  bool apply_to_array(const schema_node& node, const array& elements, const position* at) {
    auto good = apply_range(node, node.items_count, elements.size(), {"minItems", "maxItems"}, at);
    if (node.unique_items && !all_different(elements))
      good &= fail(node, "uniqueItems", "has elements that are equal", at);
    for (std::size_t i = 0; i < elements.size() && (good || silent_ == 0) && !stopped_; ++i) {
      const position element{at, {}, i, false};
      if (i < node.prefix_items.size())
        good &= apply(node.prefix_items[i], elements[i], &element);
      else if (node.items)
        good &= apply(*node.items, elements[i], &element);
    }
    return apply_contains(node, elements, at) && good;
  }

  bool apply_contains(const schema_node& node, const array& elements, const position* at) {
    if (!node.contains)
      return true;
    std::size_t matching = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const position element{at, {}, i, false};
      matching += holds(*node.contains, elements[i], &element) ? 1 : 0;
    }
    auto wanted = node.contains_count;
    if (!wanted.least)
      wanted.least = 1;
    return apply_range(node, wanted, matching, {"contains", "maxContains"}, at);
  }

  bool apply_to_object(const schema_node& node, const value& v, const position* at) {
    const auto& members = v.get_object();
    auto good =
      apply_range(node, node.properties_count, members.size(), {"minProperties", "maxProperties"}, at);
    for (const auto& name : node.required)
      if (!members.contains(name))
        good &= fail(node, "required", "lacks the member `" + name + "`", at);
    good &= apply_dependencies(node, v, at);
    for (const auto& member : members) {
      if ((!good && silent_ > 0) || stopped_)
        break;
      good &= apply_to_member(node, to_view(member.key()), member.value(), at);
    }
    return good;
  }

  bool apply_dependencies(const schema_node& node, const value& v, const position* at) {
    const auto& members = v.get_object();
    bool good = true;
    for (const auto& [name, others] : node.dependent_required)
      for (const auto& other : others)
        if (members.contains(name) && !members.contains(other))
          good &= fail(node, "dependentRequired", "lacks the member `" + other + "`", at);
    for (const auto& [name, index] : node.dependent_schemas)
      if (members.contains(name))
        good &= apply(index, v, at);
    return good;
  }

  bool apply_to_member(const schema_node& node, std::string_view name, const value& v, const position* at) {
    const position here{at, name, 0, true};
    bool good = true;
    bool known = false;
    if (node.property_names)
      good &= apply_to_name(*node.property_names, name, here);
    if (const auto found = node.properties.find(name); found != node.properties.end()) {
      known = true;
      good &= apply(found->second, v, &here);
    }
    for (const auto& [pattern, index] : node.pattern_properties)
      if (matches(*pattern, name)) {
        known = true;
        good &= apply(index, v, &here);
      }
    if (!known && node.additional_properties)
      good &= apply(*node.additional_properties, v, &here);
    return good;
  }

  // A name has no place in the document by which what was said about it could be remembered.
  bool apply_to_name(node_index index, std::string_view name, const position& here) {
    const auto before = std::exchange(judges_name_, true);
    const auto good = apply(index, value(boost::json::string_view(name.data(), name.size())), &here);
    judges_name_ = before;
    return good;
  }

  struct bound_names {
    std::string_view least;
    std::string_view most;
  };

  bool apply_range(const schema_node& node, const count_range& range, std::size_t count, bound_names names,
                   const position* at) {
    if (range.least && count < *range.least)
      return fail(node, names.least,
                  "has " + std::to_string(count) + "; expected at least " + std::to_string(*range.least), at);
    if (range.most && count > *range.most)
      return fail(node, names.most,
                  "has " + std::to_string(count) + "; expected at most " + std::to_string(*range.most), at);
    return true;
  }

  /// Whether a schema holds, without reporting that it does not.
  bool holds(node_index index, const value& v, const position* at) {
    ++silent_;
    const auto good = apply(index, v, at);
    --silent_;
    return good;
  }

  /// Reports, and is false.
  bool fail(const schema_node& node, std::string_view keyword, std::string problem, const position* at) {
    if (silent_ == 0 && found_.size() < most_) {
      auto rule = to_pointer(node.where);
      if (!keyword.empty())
        rule.append("/").append(keyword);
      found_.push_back({to_path(at), std::move(rule), std::move(problem)});
    }
    return false;
  }

  struct pair {
    node_index node;
    const value* judged;

    bool operator==(const pair&) const = default;
  };
  struct pair_hash {
    std::size_t operator()(const pair& p) const noexcept {
      return std::hash<const value*>{}(p.judged) * 31 + p.node;
    }
  };
  struct verdict {
    bool holds = false;
    bool reported = false;
  };

  const std::vector<schema_node>& nodes_;
  std::size_t most_;
  const std::function<bool()>& stop_;
  std::size_t steps_left_;
  std::size_t silent_ = 0; // alternatives being tried, one within the other
  bool stopped_ = false;
  bool judges_name_ = false;
  std::unordered_map<pair, verdict, pair_hash> judged_; // by shared schemas: alternatives ask again and again
  std::vector<violation> found_;
};

} // namespace

schema::schema(const value& source)
  : nodes_{compile_schema(source)} {}
schema::~schema() = default;
schema::schema(schema&&) noexcept = default;
schema& schema::operator=(schema&&) noexcept = default;

std::vector<violation> schema::validate(const value& document, std::size_t most,
                                        const std::function<bool()>& stop) const {
  return validation{nodes_, document, most, stop}.take();
}

} // namespace guardrails::json
