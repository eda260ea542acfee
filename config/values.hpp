// One value: YAML → C++ with its type and range checked, and back.
#pragma once

#include "config/nearest.hpp"
#include "config/place.hpp"

#include <guardrails/rails_config.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace guardrails::config {

/// What a text must look like beyond being a text.
struct text_rule {
  std::string_view description; ///< as in `expected …`
  /// Says what is wrong, never quoting the text, or nothing.
  std::optional<std::string> (*problem)(const std::string& text);
};

/// What is allowed within a type. Durations count in milliseconds.
struct limits {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool may_be_empty = false;
  std::size_t max_items = std::numeric_limits<std::size_t>::max();
  const text_rule* rule = nullptr;
  std::vector<std::string_view> choices = {};                    ///< of an enum; empty: all of them
  std::vector<std::pair<std::string_view, limits>> members = {}; ///< of a struct, by member
};

template <class T>
struct is_vector : std::false_type {};

template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

template <class T>
struct is_map : std::false_type {};

template <class T>
struct is_map<std::map<std::string, T>> : std::true_type {};

template <class T>
struct is_optional : std::false_type {};

template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

/// A struct whose members are keys of a map, such as `{action: block, mask: true}`.
template <class T>
concept described_struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class E>
concept described = boost::describe::has_describe_enumerators<E>::value;

// -- YAML → C++; each throws config_error
// ------------------------------------------------------------------------

bool parse_bool(const place& at);
double parse_number(const place& at, const limits& allowed);
std::uint64_t parse_integer(const place& at, const limits& allowed);
std::chrono::milliseconds parse_duration(const place& at, const limits& allowed);
std::string parse_text(const place& at, const limits& allowed);
std::string parse_choice(const place& at, const limits& allowed);

// -- C++ → YAML
// ----------------------------------------------------------------------------------------------------

std::string format_number(double value);
std::string format_duration(std::chrono::milliseconds value);
std::string format_text(const std::string& value);

// -- words for errors and documentation
// --------------------------------------------------------------------------

/// `a, b or c`.
std::string either(const std::vector<std::string_view>& words);

/// `0 to 2`, `at least 1`, …; empty without bounds.
std::string range_words(const limits& allowed, bool duration);

template <described E>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
    [&](auto d) { names.emplace_back(d.name); });
  return names;
}

/// What is allowed for a member of a struct.
limits limits_of(const limits& allowed, std::string_view member);

/// Fails for a key that is none of `known`, with the nearest of them.
[[noreturn]] void refuse_member(const place& in, const member& found,
                                const std::vector<std::string_view>& known);

/// The value of a key in the map that stands at `in`.
place place_of(const place& in, const member& found);

template <described_struct T>
std::vector<std::string_view> member_names() {
  std::vector<std::string_view> names;
  boost::mp11::mp_for_each<members_of<T>>([&](auto d) { names.emplace_back(d.name); });
  return names;
}

// -- by type
// -----------------------------------------------------------------------------------------------------

template <class T>
T parse(const place& at, const limits& allowed) {
  if constexpr (std::is_same_v<T, bool>) {
    return parse_bool(at);
  } else if constexpr (std::is_same_v<T, double>) {
    return parse_number(at, allowed);
  } else if constexpr (std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::uint64_t>) {
    auto bounded = allowed;
    bounded.min = std::max(allowed.min, 0.0);
    bounded.max = std::min(allowed.max, static_cast<double>(std::numeric_limits<T>::max()));
    return static_cast<T>(parse_integer(at, bounded));
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return parse_duration(at, allowed);
  } else if constexpr (std::is_same_v<T, secret>) {
    return secret{parse_text(at, allowed)};
  } else if constexpr (described<T>) {
    auto with_choices = allowed;
    if (with_choices.choices.empty())
      with_choices.choices = names_of<T>();
    T result{};
    boost::describe::enum_from_string(parse_choice(at, with_choices).c_str(), result);
    return result;
  } else if constexpr (is_vector<T>::value) {
    if (at.value.kind != shape::list)
      at.fail_type("a list");
    if (at.value.items.size() > allowed.max_items)
      at.fail("has " + std::to_string(at.value.items.size()) + " elements; expected at most " +
              std::to_string(allowed.max_items));
    T result;
    for (std::size_t i = 0; i < at.value.items.size(); ++i)
      result.push_back(parse<typename T::value_type>(at.element(i), allowed));
    return result;
  } else if constexpr (is_map<T>::value) {
    if (at.value.kind != shape::map)
      at.fail_type("a map");
    if (at.value.members.size() > allowed.max_items)
      at.fail("has " + std::to_string(at.value.members.size()) + " keys; expected at most " +
              std::to_string(allowed.max_items));
    T result;
    for (const auto& m : at.value.members)
      result.emplace(m.key, parse<typename T::mapped_type>(place_of(at, m), allowed));
    return result;
  } else if constexpr (is_optional<T>::value) {
    return parse<typename T::value_type>(at, allowed);
  } else if constexpr (described_struct<T>) {
    if (at.value.kind != shape::map)
      at.fail_type("a map with " + either(member_names<T>()));
    T result{};
    for (const auto& m : at.value.members) {
      bool known = false;
      boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
        auto& slot = result.*d.pointer;
        if (m.key != d.name)
          return;
        slot = parse<std::remove_reference_t<decltype(slot)>>(place_of(at, m), limits_of(allowed, d.name));
        known = true;
      });
      if (!known)
        refuse_member(at, m, member_names<T>());
    }
    return result;
  } else {
    static_assert(std::is_same_v<T, std::string>);
    return parse_text(at, allowed);
  }
}

template <class T>
std::string format(const T& value);

/// Nothing for an absent optional and an empty text, which are not written.
template <class T>
std::optional<std::string> format_member(const T& value) {
  if constexpr (is_optional<T>::value) {
    return value ? std::optional{format(*value)} : std::nullopt;
  } else {
    if constexpr (std::is_same_v<T, std::string>) {
      if (value.empty())
        return std::nullopt;
    }
    return format(value);
  }
}

template <class T>
std::string format(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, double>) {
    return format_number(value);
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return format_duration(value);
  } else if constexpr (std::is_same_v<T, secret>) {
    return "\"***\"";
  } else if constexpr (described<T>) {
    return boost::describe::enum_to_string(value, "?");
  } else if constexpr (is_vector<T>::value) {
    std::string list;
    for (const auto& item : value)
      list += (list.empty() ? "" : ", ") + format(item);
    return '[' + list + ']';
  } else if constexpr (is_map<T>::value) {
    std::string list;
    for (const auto& [name, item] : value)
      list += (list.empty() ? "" : ", ") + format_text(name) + ": " + format(item);
    return '{' + list + '}';
  } else if constexpr (described_struct<T>) {
    std::string list;
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
      const auto& slot = value.*d.pointer;
      if (const auto text = format_member(slot))
        list += (list.empty() ? "" : ", ") + std::string{d.name} + ": " + *text;
    });
    return '{' + list + '}';
  } else {
    static_assert(std::is_same_v<T, std::string>);
    return format_text(value);
  }
}

template <class T>
std::string type_words(const limits& allowed) {
  if constexpr (std::is_same_v<T, bool>)
    return "boolean";
  else if constexpr (std::is_same_v<T, double>)
    return "number";
  else if constexpr (std::is_integral_v<T>)
    return "integer";
  else if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
    return "duration";
  else if constexpr (std::is_same_v<T, secret>)
    return "secret text";
  else if constexpr (described<T>)
    return "choice";
  else if constexpr (is_vector<T>::value)
    return "list of " + type_words<typename T::value_type>(allowed) + 's';
  else if constexpr (is_map<T>::value)
    return "map of " + type_words<typename T::mapped_type>(allowed) + 's';
  else if constexpr (is_optional<T>::value)
    return type_words<typename T::value_type>(allowed);
  else if constexpr (described_struct<T>)
    return "map";
  else
    return "text";
}

template <class T>
std::string allowed_words(const limits& allowed);

/// The members of a struct, for the documentation: `action (choice: flag or block), mask (boolean)`.
template <described_struct T>
std::string described_members(const limits& allowed) {
  std::string words;
  boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
    using member_type = std::remove_cvref_t<decltype(std::declval<T>().*d.pointer)>;
    const auto each = limits_of(allowed, d.name);
    const auto range = allowed_words<member_type>(each);
    words += (words.empty() ? "" : ", ") + std::string{d.name} + " (" + type_words<member_type>(each) +
             (range.empty() ? "" : ": " + range) + ')';
  });
  return words;
}

/// The range or the choices of a type, for the documentation.
template <class T>
std::string allowed_words(const limits& allowed) {
  if constexpr (described<T>) {
    return either(allowed.choices.empty() ? names_of<T>() : allowed.choices);
  } else if constexpr (is_vector<T>::value) {
    const auto each = allowed_words<typename T::value_type>(allowed);
    return "at most " + std::to_string(allowed.max_items) + (each.empty() ? "" : ", each " + each);
  } else if constexpr (std::is_same_v<T, bool>) {
    return {};
  } else if constexpr (is_map<T>::value) {
    return "at most " + std::to_string(allowed.max_items) + ", each " +
           allowed_words<typename T::mapped_type>(allowed);
  } else if constexpr (is_optional<T>::value) {
    return allowed_words<typename T::value_type>(allowed);
  } else if constexpr (described_struct<T>) {
    return described_members<T>(allowed);
  } else {
    return allowed.rule != nullptr ? std::string{allowed.rule->description}
                                   : range_words(allowed, std::is_same_v<T, std::chrono::milliseconds>);
  }
}

template <class T>
bool equal(const T& left, const T& right) {
  if constexpr (std::is_same_v<T, secret>)
    return left.reveal() == right.reveal();
  else
    return left == right;
}

} // namespace guardrails::config
