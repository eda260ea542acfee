// What is assigned to a name that tells whose secret it is: values of a form too plain to be found by itself.
#pragma once

#include <span>
#include <string_view>

namespace guardrails::checks::secrets {

/// A value that counts when the name it is assigned to contains `owner`.
struct assigned_value {
  std::string_view entity;
  std::string_view owner; ///< in small letters, without separators
  std::string_view value; ///< RE2, of bounded width, of the whole value
};

/// The rows, those of one owner side by side. Lengths and alphabets are from the vendors' documentation.
std::span<const assigned_value> assigned_values();

} // namespace guardrails::checks::secrets
