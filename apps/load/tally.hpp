// What became of the requests of a run. Every thread keeps its own; they are added up at the end.
#pragma once

#include "apps/load/failure.hpp"
#include "apps/load/latency_histogram.hpp"

#include <guardrails/generation.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::load {

/// A status that says "not now", by whether it also said when.
struct refusals {
  std::uint64_t with_retry_after = 0;
  std::uint64_t without_retry_after = 0;
};

struct answer {
  std::uint32_t status = 0; ///< of HTTP; 0: a generation of the library
  bool retry_after = false;
  std::chrono::nanoseconds latency{}; ///< from the intended start
  std::optional<std::chrono::nanoseconds> first_content;
  bool in_time = true;        ///< before the end of the run's duration
  std::string_view blocked{}; ///< why a check kept it back; empty: none did
  std::string_view error{};   ///< the kind of error that a generation ended with; empty: with none

  /// The target did what it is for.
  bool is_good() const noexcept { return status == 0 ? error.empty() : status / 100 == 2; }
};

/// Where generations spent their time.
struct stage_times {
  latency_histogram queue;
  latency_histogram input_checks;
  latency_histogram llm;
  latency_histogram output_checks;

  void add(const stage_timings& spent) noexcept;
  void merge(const stage_times& other) noexcept;
};

using counts_by_name = std::map<std::string, std::uint64_t, std::less<>>;

struct tally {
  std::uint64_t intended = 0;
  std::uint64_t sent = 0;
  std::uint64_t sent_in_time = 0; ///< before the end of the run's duration
  std::uint64_t good = 0;
  std::uint64_t good_in_time = 0;
  std::uint64_t connections = 0; ///< made
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  double busiest = 0; ///< the share of the time that the busiest thread ran or wanted to

  std::array<std::uint64_t, 1000> statuses{};
  std::array<std::uint64_t, failures> failed{};
  refusals refused_429;
  refusals refused_503;
  counts_by_name blocked;           ///< good answers that checks kept back, by reason
  counts_by_name generation_errors; ///< by kind

  latency_histogram latency;       ///< of all answers
  latency_histogram latency_good;  ///< of good ones
  latency_histogram first_content; ///< of streams that ended properly
  latency_histogram gaps;          ///< from one part of a stream to the next, of the same
  stage_times stages;              ///< of generations that were answered, blocked or failed
  latency_histogram lateness;   ///< of the generator: when it turned to a request, after its intended start
  latency_histogram send_delay; ///< when a request was sent, after its intended start

  void add(const answer& came);
  void add(failure why) noexcept { ++failed[static_cast<std::size_t>(why)]; }
  void merge(const tally& other);

  std::uint64_t count(failure why) const noexcept { return failed[static_cast<std::size_t>(why)]; }
  std::uint64_t answered() const noexcept { return latency.count(); }
  std::uint64_t unanswered() const noexcept;

  /// Answers that say "not now".
  std::uint64_t refused() const noexcept;
};

} // namespace guardrails::load
