// Compares the names that a configuration uses with those that exist.
#include "config/entity_names.hpp"

#include "config/nearest.hpp"
#include "config/printable.hpp"

#include <guardrails/pii.hpp>

#include <algorithm>

namespace guardrails::config {

namespace {

const node* find(const node* in, std::string_view name) {
  if (in == nullptr || in->kind != shape::map)
    return nullptr;
  const auto found = std::ranges::find(in->members, name, &member::key);
  return found == in->members.end() ? nullptr : &found->value;
}

/// Letters in upper case, digits and underscores, a letter first.
bool is_entity_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return !name.empty() && name.size() <= longest && letters.find(name[0]) != std::string_view::npos &&
         name.find_first_not_of(std::string{letters} + "0123456789_") == std::string_view::npos;
}

bool is_built_in(std::string_view name) {
  return std::ranges::binary_search(known_entities(), name);
}

class names_in {
public:
  names_in(const document& in, const pii_config& pii)
    : in_{in} {
    known_.assign(known_entities().begin(), known_entities().end());
    for (const auto& [name, entity] : pii.custom_entities)
      known_.emplace_back(name);
  }

  void check_custom(const node* entities) const {
    if (entities == nullptr)
      return;
    for (const auto& m : entities->members) {
      const auto path = "guardrails.pii.custom_entities." + printable(m.key, 80);
      if (!is_entity_name(m.key))
        fail(m.at, path, "is not a name for an entity; expected one such as EMPLOYEE_ID");
      if (is_built_in(m.key))
        fail(m.at, path, "is the name of a built-in entity; expected another one");
      if (const auto* patterns = find(&m.value, "patterns"); patterns == nullptr || patterns->items.empty())
        fail(m.at, path + ".patterns", "is missing; expected at least one pattern");
    }
  }

  void check_keys(const node* map, const std::string& path) const {
    if (map == nullptr)
      return;
    for (const auto& m : map->members)
      check(m.key, m.at, path + '.' + printable(m.key, 80));
  }

  void check_list(const node* list, const std::string& path) const {
    if (list == nullptr)
      return;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const place item{in_, list->items[i], path + '[' + std::to_string(i) + ']'};
      check(item.read_scalar("the name of an entity").text, item.value.at, item.path);
    }
  }

private:
  void check(std::string_view name, mark at, const std::string& path) const {
    if (std::ranges::find(known_, name) != known_.end())
      return;
    fail(at, path, "is not an entity; docs/pii.md lists them", std::string{nearest(name, known_)});
  }

  [[noreturn]] void fail(mark at, const std::string& path, std::string problem,
                         std::string suggestion = {}) const {
    throw config_error{{in_.source, at.line, at.column}, path, std::move(problem), std::move(suggestion)};
  }

  const document& in_;
  std::vector<std::string_view> known_;
};

} // namespace

void refuse_unknown_entities(const node& root, const document& in, const pii_config& pii) {
  const auto* section = find(find(&root, "guardrails"), "pii");
  if (section == nullptr || section->kind != shape::map)
    return;
  const names_in names{in, pii};
  names.check_custom(find(section, "custom_entities"));
  names.check_list(find(section, "entity_types"), "guardrails.pii.entity_types");
  names.check_keys(find(section, "entity_thresholds"), "guardrails.pii.entity_thresholds");
  names.check_keys(find(section, "entity_policies"), "guardrails.pii.entity_policies");
}

} // namespace guardrails::config
