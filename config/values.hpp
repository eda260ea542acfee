// One value: YAML → C++ with its type and range checked, and back.
#pragma once

#include "config/nearest.hpp"
#include "config/place.hpp"

#include <guardrails/rails_config.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
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
  std::vector<std::string_view> choices = {};     ///< of an enum; empty: all of them
  std::vector<std::string_view> unavailable = {}; ///< known names that this version does not have
};

template <class T>
struct is_vector : std::false_type {};

template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

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
  } else {
    static_assert(std::is_same_v<T, std::string>);
    return parse_text(at, allowed);
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
  else
    return "text";
}

/// The range or the choices of a type, for the documentation.
template <class T>
std::string allowed_words(const limits& allowed) {
  if constexpr (described<T>)
    return either(allowed.choices.empty() ? names_of<T>() : allowed.choices);
  else if constexpr (std::is_same_v<T, bool>)
    return {};
  else if (allowed.rule != nullptr)
    return std::string{allowed.rule->description};
  else
    return range_words(allowed, std::is_same_v<T, std::chrono::milliseconds>);
}

template <class T>
bool equal(const T& left, const T& right) {
  if constexpr (std::is_same_v<T, secret>)
    return left.reveal() == right.reveal();
  else
    return left == right;
}

} // namespace guardrails::config
