// JSON of described structs: to_json() derives from the same descriptions as CAF's serialization.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/masked_values.hpp>
#include <guardrails/utf8.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace guardrails {

namespace json_detail {

template <class T>
concept object = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;

template <class T>
concept enumeration = boost::describe::has_describe_enumerators<T>::value;

template <class T>
concept plain = std::is_arithmetic_v<T> || std::convertible_to<const T&, std::string_view>;

} // namespace json_detail

/// Numbers, booleans and strings are themselves; JSON has no bytes, so malformed ones become U+FFFD.
template <json_detail::plain T>
boost::json::value to_json(const T& x) {
  if constexpr (std::is_arithmetic_v<T>)
    return x;
  else if (const std::string_view text{x}; find_invalid_utf8(text) == std::string_view::npos)
    return boost::json::string(text);
  else
    return boost::json::string(well_formed(text));
}

/// A described enum is its enumerator's name.
template <json_detail::enumeration T>
boost::json::value to_json(const T& x) {
  return boost::json::string(boost::describe::enum_to_string(x, ""));
}

/// A span is the pair `[begin, end]`.
inline boost::json::value to_json(const byte_span& x) {
  return boost::json::array{x.begin, x.end};
}

/// What must not be seen is shown by what may be.
inline boost::json::value to_json(const masked_values& x) {
  return boost::json::string(x.to_public());
}

template <class T>
boost::json::value to_json(const std::optional<T>& x);
template <class T>
boost::json::value to_json(const boxed_optional<T>& x);
template <class T>
boost::json::value to_json(const std::vector<T>& x);
template <class T, class Less>
boost::json::value to_json(const std::map<std::string, T, Less>& x);

/// A described struct is an object with its members in the order of their description.
template <json_detail::object T>
boost::json::value to_json(const T& x) {
  boost::json::object members;
  const auto add = [&]<template <class...> class List, class... Member>(List<Member...>) {
    members.reserve(sizeof...(Member));
    (members.emplace(Member::name, to_json(x.*Member::pointer)), ...);
  };
  add(boost::describe::describe_members<T, boost::describe::mod_public>{});
  return members;
}

/// An absent value is null.
template <class T>
boost::json::value to_json(const std::optional<T>& x) {
  return x ? to_json(*x) : boost::json::value(nullptr);
}

template <class T>
boost::json::value to_json(const boxed_optional<T>& x) {
  return x ? to_json(*x) : boost::json::value(nullptr);
}

template <class T>
boost::json::value to_json(const std::vector<T>& x) {
  boost::json::array elements;
  elements.reserve(x.size());
  for (const auto& element : x)
    elements.push_back(to_json(element));
  return elements;
}

/// A map is an object with its keys in order.
template <class T, class Less>
boost::json::value to_json(const std::map<std::string, T, Less>& x) {
  boost::json::object members;
  members.reserve(x.size());
  for (const auto& [key, element] : x)
    members.emplace(key, to_json(element));
  return members;
}

} // namespace guardrails
