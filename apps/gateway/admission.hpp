// Who is still let in while many are under way.
#pragma once

#include <guardrails/enum_names.hpp>

#include <boost/describe/enum.hpp>

#include <atomic>
#include <cstdint>

namespace guardrails::gateway {

enum class priority : std::uint8_t { low, normal, high };
BOOST_DESCRIBE_ENUM(priority, low, normal, high)

/// How many of `most` places may be taken before a request is refused: the last 30 % are kept from low
/// priority, the last 5 % from normal.
constexpr std::uint32_t places_for(priority level, std::uint32_t most) noexcept {
  const auto without = [most](std::uint64_t percent) {
    return most - static_cast<std::uint32_t>(most * percent / 100);
  };
  switch (level) {
  case priority::low:
    return without(30);
  case priority::normal:
    return without(5);
  case priority::high:
    break;
  }
  return most;
}

/// Takes `amount` more unless that is beyond `most`. Who is refused never counts, not even for a moment.
inline bool take(std::atomic<std::int64_t>& taken, std::int64_t amount, std::int64_t most) noexcept {
  auto count = taken.load();
  while (count + amount <= most)
    if (taken.compare_exchange_weak(count, count + amount))
      return true;
  return false;
}

/// Counts one more, unless there are `places` already.
inline bool take_place(std::atomic<std::int64_t>& taken, std::int64_t places) noexcept {
  return take(taken, 1, places);
}

} // namespace guardrails::gateway
