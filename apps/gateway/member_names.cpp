// Folds names as readers without case do.
#include "apps/gateway/member_names.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;

/// What folds to an ASCII letter and is none.
constexpr std::array<std::pair<std::string_view, char>, 4> foreign_letters{
  {{"\u017F", 's'}, {"\u212A", 'k'}, {"\u0130", 'i'}, {"\u0131", 'i'}}};

bool folds_to_itself(std::string_view name) {
  return std::ranges::none_of(
    name, [](char c) { return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; });
}

char take_letter(std::string_view& name) {
  for (const auto& [letter, plain] : foreign_letters)
    if (name.starts_with(letter)) {
      name.remove_prefix(letter.size());
      return plain;
    }
  const auto c = name.front();
  name.remove_prefix(1);
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string folded(std::string_view name) {
  std::string result;
  result.reserve(name.size());
  while (!name.empty())
    result += take_letter(name);
  return result;
}

bool is_disguised(std::string_view name, std::span<const std::string_view> known) {
  return !folds_to_itself(name) && std::ranges::find(known, folded(name)) != known.end();
}

std::string_view name_of(const json::key_value_pair& member) {
  return {member.key().data(), member.key().size()};
}

} // namespace

std::optional<std::string> find_disguised(const json::object& object,
                                          std::span<const std::string_view> known) {
  for (const auto& member : object)
    if (is_disguised(name_of(member), known))
      return std::string{name_of(member)};
  return std::nullopt;
}

std::optional<std::string> find_disguised_within(const json::value& value,
                                                 std::span<const std::string_view> known) {
  if (const auto* list = value.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      if (auto below = find_disguised_within((*list)[i], known))
        return std::string{"["}.append(std::to_string(i)).append("]").append(*below);
    return std::nullopt;
  }
  const auto* object = value.if_object();
  if (!object)
    return std::nullopt;
  if (const auto name = find_disguised(*object, known))
    return std::string{"."}.append(*name);
  for (const auto& member : *object)
    if (const auto below = find_disguised_within(member.value(), known))
      return std::string{"."}.append(name_of(member)).append(*below);
  return std::nullopt;
}

} // namespace guardrails::gateway
