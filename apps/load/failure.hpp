// Why a request has no answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace guardrails::load {

enum class failure : std::uint8_t {
  connect,       ///< no connection could be made
  no_connection, ///< all connections were taken until its time was over
  timeout,       ///< not answered in time
  reset,         ///< the connection ended before the answer did
  malformed,     ///< what came was not HTTP
  no_done,       ///< a stream ended without [DONE]
  interrupted,   ///< under way or waiting when the run was ended early
};
inline constexpr std::size_t failures = 7;

constexpr std::string_view name_of(failure why) noexcept {
  switch (why) {
  case failure::connect:
    return "connect";
  case failure::no_connection:
    return "no_connection";
  case failure::timeout:
    return "timeout";
  case failure::reset:
    return "reset";
  case failure::malformed:
    return "malformed";
  case failure::no_done:
    return "no_done";
  case failure::interrupted:
    return "interrupted";
  }
  return {};
}

} // namespace guardrails::load
