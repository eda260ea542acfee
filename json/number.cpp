// Integers compare as sign and magnitude; a double with an integer as its whole part, then its fraction.
#include "json/number.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace guardrails::json {

namespace {

using boost::json::value;

constexpr double above_every_integer = 18446744073709551616.0; // 2^64

struct integer {
  bool negative = false;
  std::uint64_t magnitude = 0;
};

integer integer_of(const value& number) noexcept {
  if (number.is_uint64())
    return {false, number.get_uint64()};
  const auto i = number.get_int64();
  return i < 0 ? integer{true, 0 - static_cast<std::uint64_t>(i)}
               : integer{false, static_cast<std::uint64_t>(i)};
}

std::strong_ordering compare_integers(integer left, integer right) noexcept {
  if (left.negative != right.negative)
    return left.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  return left.negative ? right.magnitude <=> left.magnitude : left.magnitude <=> right.magnitude;
}

// Documents hold no NaN.
std::strong_ordering compare_doubles(double left, double right) noexcept {
  if (left == right)
    return std::strong_ordering::equal;
  return left < right ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::strong_ordering compare_with_double(integer left, double right) noexcept {
  if (std::abs(right) >= above_every_integer)
    return right > 0 ? std::strong_ordering::less : std::strong_ordering::greater;
  const auto whole = std::trunc(right);
  const integer below{whole < 0, static_cast<std::uint64_t>(std::abs(whole))};
  const auto order = compare_integers(left, below);
  return order != std::strong_ordering::equal ? order : compare_doubles(whole, right);
}

} // namespace

std::strong_ordering compare(const value& left, const value& right) noexcept {
  if (left.is_double() && right.is_double())
    return compare_doubles(left.get_double(), right.get_double());
  if (right.is_double())
    return compare_with_double(integer_of(left), right.get_double());
  if (left.is_double())
    return 0 <=> compare_with_double(integer_of(right), left.get_double());
  return compare_integers(integer_of(left), integer_of(right));
}

bool is_multiple(const value& number, const value& of) noexcept {
  if (!number.is_double() && !of.is_double())
    return integer_of(number).magnitude % integer_of(of).magnitude == 0;
  boost::system::error_code ignored;
  const auto divisor = std::abs(of.to_number<double>(ignored));
  if (!number.is_double() && divisor == std::trunc(divisor) && divisor < above_every_integer)
    return integer_of(number).magnitude % static_cast<std::uint64_t>(divisor) == 0;
  // What is written in decimals is off by a half unit in the last place, the dividend's by the larger one.
  const auto dividend = std::abs(number.to_number<double>(ignored));
  const auto left = std::fmod(dividend, divisor);
  const auto off = 2 * std::numeric_limits<double>::epsilon() * dividend;
  return divisor == std::trunc(divisor) && dividend == std::trunc(dividend)
           ? left == 0
           : left <= off || divisor - left <= off;
}

} // namespace guardrails::json
