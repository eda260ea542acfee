// How one request went, whatever the target is.
#pragma once

#include "apps/load/clock.hpp"
#include "apps/load/failure.hpp"

#include <guardrails/generation.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guardrails::load {

/// When the parts of a streamed answer came.
class content_times {
public:
  void note(clock::time_point now) {
    if (!first_)
      first_ = now;
    else if (gaps_.size() < most_gaps)
      gaps_.push_back(now - last_);
    last_ = now;
  }

  const std::optional<clock::time_point>& first() const noexcept { return first_; }

  /// From each arrival to the next.
  std::span<const std::chrono::nanoseconds> gaps() const noexcept { return gaps_; }

private:
  static constexpr std::size_t most_gaps = 1u << 16; // an endless answer must not cost endless memory

  std::optional<clock::time_point> first_;
  clock::time_point last_;
  std::vector<std::chrono::nanoseconds> gaps_;
};

struct exchange_result {
  std::optional<failure> failed; ///< else the rest is an answer
  std::optional<clock::time_point> sent;
  clock::time_point ended{};
  content_times content;
  std::uint32_t status = 0; ///< of HTTP; 0: the answer is a generation of the library
  bool retry_after = false;
  std::string blocked;                 ///< why a check kept the answer back; empty: none did
  std::string error;                   ///< the kind of error that a generation ended with; empty: with none
  std::optional<stage_timings> stages; ///< of a generation
  bool connected = false;              ///< over a connection made for it
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
};

} // namespace guardrails::load
