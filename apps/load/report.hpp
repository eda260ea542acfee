// What a load test prints, for readers and for programs.
#pragma once

#include "apps/load/generator.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace guardrails::load {

/// One run and how it was asked for.
struct report {
  std::string target;
  double rate = 0;
  std::size_t lines = 0; ///< at most: connections, or requests under way
  std::size_t threads = 0;
  bool stream = false;
  outcome result;
  std::vector<std::string> kinds{}; ///< of prompts, in the order of their results
  std::string offered{};            ///< how requests came, in words; empty: at the rate
  bool by_chance = false;           ///< not evenly

  double achieved_rate() const noexcept; ///< requests sent a second
  double goodput() const noexcept;       ///< good answers a second

  /// Requests were late because of the generator: a good part of the latencies is its own.
  bool generator_was_bottleneck() const noexcept;

  /// There were requests, and not one could be sent.
  bool reached_nothing() const noexcept;
};

boost::json::object to_json(const report& run);

void print(std::ostream& out, const report& run);

/// One line for each run, for runs of one target that differ in rate; lateness is its p99.
void print_table(std::ostream& out, std::span<const report> runs);

} // namespace guardrails::load
