// A configuration built in code: the keys become the tree a YAML file would have given, and are read the same
// way.
#include "config/printable.hpp"
#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "config/yaml_reader.hpp"

#include <guardrails/rails_config.hpp>

#include <algorithm>
#include <utility>

namespace guardrails {

namespace {

using config::node;
using config::shape;

constexpr const char* source = "<builder>";

node scalar_node(std::string text, bool quoted) {
  node made;
  made.kind = shape::scalar;
  made.text = std::move(text);
  made.quoted = quoted;
  return made;
}

node to_node(const rails_config_builder::value& v) {
  struct visitor {
    node operator()(bool x) const { return scalar_node(config::format(x), false); }
    node operator()(std::int64_t x) const { return scalar_node(std::to_string(x), false); }
    node operator()(double x) const { return scalar_node(config::format_number(x), false); }
    node operator()(const std::string& x) const { return scalar_node(x, true); }
    node operator()(std::chrono::milliseconds x) const {
      return scalar_node(std::to_string(x.count()) + "ms", false);
    }
    node operator()(const std::vector<std::string>& x) const {
      node list;
      list.kind = shape::list;
      for (const auto& item : x)
        list.items.push_back(scalar_node(item, true));
      return list;
    }
  };
  return std::visit(visitor{}, v);
}

[[noreturn]] void refuse(std::string_view path, std::string problem) {
  throw config_error{{source, 0, 0}, config::printable(path, 400), std::move(problem)};
}

/// The value at `path` below `root`, which becomes a map on the way.
node& descend(node& root, std::string_view path) {
  auto* at = &root;
  std::size_t depth = 0;
  for (auto rest = path;;) {
    if (++depth > config::document_limits::depth)
      refuse(path, "is nested more than 64 levels deep");
    if (at->kind != shape::map && at->kind != shape::nothing)
      refuse(path, "is set within a key that was set to a value; expected one or the other");
    at->kind = shape::map;
    const auto dot = rest.find('.');
    const std::string name{rest.substr(0, dot)};
    auto found = std::ranges::find(at->members, name, &config::member::key);
    if (found == at->members.end())
      found = at->members.insert(found, {name, {}, {}});
    at = &found->value;
    if (dot == std::string_view::npos)
      return *at;
    rest.remove_prefix(dot + 1);
  }
}

} // namespace

struct rails_config_builder::state {
  std::vector<std::pair<std::string, value>> values; ///< in the order they were set
};

rails_config_builder::rails_config_builder()
  : state_{std::make_unique<state>()} {}
rails_config_builder::~rails_config_builder() = default;
rails_config_builder::rails_config_builder(rails_config_builder&&) noexcept = default;
rails_config_builder& rails_config_builder::operator=(rails_config_builder&&) noexcept = default;

rails_config_builder& rails_config_builder::set(std::string_view key_path, value v) & {
  auto& values = state_->values;
  const auto found =
    std::ranges::find(values, key_path, [](const auto& entry) { return std::string_view{entry.first}; });
  if (found == values.end())
    values.emplace_back(key_path, std::move(v));
  else
    found->second = std::move(v);
  return *this;
}

rails_config_builder&& rails_config_builder::set(std::string_view key_path, value v) && {
  return std::move(set(key_path, std::move(v)));
}

rails_config_builder& rails_config_builder::set(std::string_view key_path, const char* v) & {
  return set(key_path, value{std::string{v}});
}

rails_config_builder&& rails_config_builder::set(std::string_view key_path, const char* v) && {
  return std::move(set(key_path, v));
}

rails_config rails_config_builder::build() const {
  node root;
  for (const auto& [path, v] : state_->values) {
    auto& target = descend(root, path);
    if (target.kind != shape::nothing)
      refuse(path, "is set to a value although keys within it are set; expected one or the other");
    target = to_node(v);
  }
  return config::read_config(root, {source, {}});
}

} // namespace guardrails
