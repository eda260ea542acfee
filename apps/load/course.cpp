// Figures of intervals, and the rules about them.
#include "apps/load/course.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace guardrails::load {
namespace {

constexpr std::uint64_t fewest_outcomes = 20;

double milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>{time}.count();
}

} // namespace

void recent::merge(const recent& other) noexcept {
  intended += other.intended;
  good += other.good;
  bad += other.bad;
  latency.merge(other.latency);
}

moment tell(const recent& what, std::chrono::duration<double> end, std::chrono::duration<double> length) {
  const auto a_second = [&](std::uint64_t count) { return static_cast<double>(count) / length.count(); };
  return {end.count(),
          a_second(what.intended),
          a_second(what.good),
          a_second(what.bad),
          milliseconds(what.latency.quantile(0.5)),
          milliseconds(what.latency.quantile(0.99)),
          std::nullopt};
}

std::chrono::milliseconds interval_of(std::chrono::nanoseconds duration) noexcept {
  using namespace std::chrono_literals;
  return std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(duration / 40), 200ms, 1000ms);
}

std::optional<std::string> broken_rule(const stop_rules& rules, const recent& what) {
  const auto outcomes = what.good + what.bad;
  if (outcomes < fewest_outcomes)
    return std::nullopt;
  if (static_cast<double>(what.bad) > rules.bad_share * static_cast<double>(outcomes))
    return std::to_string(what.bad) + " of " + std::to_string(outcomes) + " requests went wrong";
  if (rules.p99.count() > 0 && what.latency.quantile(0.99) > rules.p99)
    return "the p99 was " + std::to_string(std::llround(milliseconds(what.latency.quantile(0.99)))) + " ms";
  return std::nullopt;
}

void print_csv_head(std::ostream& out) {
  out << "run,at_s,offered,good,bad,p50_ms,p99_ms,process_cores,process_rss_mb\n";
}

void print_csv(std::ostream& out, std::size_t run, std::span<const moment> course) {
  for (const auto& each : course) {
    out << run << ',' << each.at << ',' << each.offered << ',' << each.good << ',' << each.bad << ','
        << each.p50 << ',' << each.p99 << ',';
    if (each.process)
      out << each.process->cores << ',' << each.process->resident_mb << '\n';
    else
      out << ",\n";
  }
}

} // namespace guardrails::load
