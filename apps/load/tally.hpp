// What became of the requests of a run. Every thread keeps its own; they are added up at the end.
#pragma once

#include "apps/load/latency_histogram.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace guardrails::load {

/// Why a request has no answer.
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

std::string_view name_of(failure why) noexcept;

/// A status that says "not now", by whether it also said when.
struct refusals {
  std::uint64_t with_retry_after = 0;
  std::uint64_t without_retry_after = 0;
};

struct answer {
  std::uint32_t status = 0;
  bool retry_after = false;
  std::chrono::nanoseconds latency{}; ///< from the intended start
  std::optional<std::chrono::nanoseconds> first_content;
  bool in_time = true; ///< before the end of the run's duration
};

struct tally {
  std::uint64_t intended = 0;
  std::uint64_t sent = 0;
  std::uint64_t sent_in_time = 0; ///< before the end of the run's duration
  std::uint64_t ok_in_time = 0;
  std::uint64_t connections = 0; ///< made
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  double busiest = 0; ///< the share of the time that the busiest thread ran or wanted to

  std::array<std::uint64_t, 1000> statuses{};
  std::array<std::uint64_t, failures> failed{};
  refusals refused_429;
  refusals refused_503;

  latency_histogram latency;       ///< of all answers
  latency_histogram latency_2xx;   ///< of successes
  latency_histogram first_content; ///< of streams that ended properly
  latency_histogram lateness;   ///< of the generator: when it turned to a request, after its intended start
  latency_histogram send_delay; ///< when a request was sent, after its intended start

  void add(const answer& came) noexcept;
  void add(failure why) noexcept { ++failed[static_cast<std::size_t>(why)]; }
  void merge(const tally& other) noexcept;

  std::uint64_t count(failure why) const noexcept { return failed[static_cast<std::size_t>(why)]; }
  std::uint64_t answered() const noexcept { return latency.count(); }
  std::uint64_t unanswered() const noexcept;
};

} // namespace guardrails::load
