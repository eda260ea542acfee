// The order of JSON numbers as they are written: 64-bit integers are not rounded to doubles.
#pragma once

#include <boost/json/value.hpp>

#include <compare>

namespace guardrails::json {

/// Compares two numbers, each an integer of 64 bits or a double, exactly.
std::strong_ordering compare(const boost::json::value& left, const boost::json::value& right) noexcept;

/// Whether `value` is a multiple of `of`, which is above 0: exact for integers, and as near as their decimal
/// forms allow for fractions.
bool is_multiple(const boost::json::value& value, const boost::json::value& of) noexcept;

} // namespace guardrails::json
