// Names of described enums: to_string(block_reason::input) is "input".
#pragma once

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>

#include <string>

namespace guardrails {

/// An enum of this project that was described with BOOST_DESCRIBE_ENUM.
template <class T>
concept described_enum = boost::describe::has_describe_enumerators<T>::value;

/// The enumerator's name, `?` for a value that has none.
template <described_enum E>
std::string to_string(E x) {
  return boost::describe::enum_to_string(x, "?");
}

} // namespace guardrails
