// Writes reports; every figure is taken from the tally as it is.
#include "apps/load/report.hpp"

#include "apps/terminal_text.hpp"

#include <boost/json.hpp>

#include <iomanip>
#include <iostream>
#include <numeric>
#include <sstream>

namespace guardrails::load {
namespace {

namespace json = boost::json;
using std::chrono::nanoseconds;

constexpr double late_ms = 1;
constexpr double late_share = 0.1; ///< of the latencies
constexpr double busy_share = 0.9;

double milliseconds(nanoseconds time) {
  return std::chrono::duration<double, std::milli>{time}.count();
}

double a_second(std::uint64_t count, std::chrono::duration<double> time) {
  return time.count() > 0 ? static_cast<double>(count) / time.count() : 0;
}

json::object quantiles(const latency_histogram& times) {
  return {{"count", times.count()},
          {"min", milliseconds(times.least())},
          {"p50", milliseconds(times.quantile(0.5))},
          {"p90", milliseconds(times.quantile(0.9))},
          {"p99", milliseconds(times.quantile(0.99))},
          {"p99_9", milliseconds(times.quantile(0.999))},
          {"max", milliseconds(times.greatest())},
          {"mean", milliseconds(times.mean())}};
}

json::object to_json(const refusals& refused) {
  return {{"with_retry_after", refused.with_retry_after},
          {"without_retry_after", refused.without_retry_after}};
}

json::object statuses(const tally& count) {
  json::object found;
  for (std::size_t status = 0; status < count.statuses.size(); ++status)
    if (count.statuses[status] > 0)
      found[std::to_string(status)] = count.statuses[status];
  return found;
}

json::object errors(const tally& count) {
  json::object found;
  for (std::size_t kind = 0; kind < failures; ++kind)
    found[name_of(static_cast<failure>(kind))] = count.failed[kind];
  return found;
}

json::object by_name(const counts_by_name& counts) {
  json::object found;
  for (const auto& [name, number] : counts)
    found[name] = number;
  return found;
}

std::uint64_t sum_of(const counts_by_name& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& each) { return sum + each.second; });
}

json::object requests(const tally& count) {
  return {{"intended", count.intended},
          {"sent", count.sent},
          {"not_sent", count.intended - count.sent},
          {"answered", count.answered()},
          {"failed", count.unanswered()}};
}

/// What each kind of prompt tells.
json::object kind_to_json(const tally& count) {
  return {{"requests", requests(count)},           {"good", count.good},
          {"blocked", by_name(count.blocked)},     {"generation_errors", by_name(count.generation_errors)},
          {"statuses", statuses(count)},           {"errors", errors(count)},
          {"latency_ms", quantiles(count.latency)}};
}

json::object stages(const stage_times& times) {
  return {{"queue", quantiles(times.queue)},
          {"input_checks", quantiles(times.input_checks)},
          {"llm", quantiles(times.llm)},
          {"output_checks", quantiles(times.output_checks)}};
}

json::array course(std::span<const moment> moments) {
  json::array all;
  for (const auto& each : moments) {
    json::object one{{"at_s", each.at}, {"offered", each.offered}, {"good", each.good},
                     {"bad", each.bad}, {"p50_ms", each.p50},      {"p99_ms", each.p99}};
    if (each.process)
      one["process"] = json::object{{"cores", each.process->cores}, {"rss_mb", each.process->resident_mb}};
    all.push_back(std::move(one));
  }
  return all;
}

std::string fixed(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

/// Thousandths of what counts: enough digits for a reader, whatever the size.
std::string time_text(nanoseconds time) {
  const auto value = milliseconds(time);
  return fixed(value, value < 10 ? 3 : value < 1000 ? 2 : 0);
}

std::string rate_text(double rate) {
  return fixed(rate, rate < 100 ? 2 : 0);
}

std::string offered_text(const report& run) {
  auto text = run.offered.empty() ? rate_text(run.rate) + "/s" : run.offered;
  return run.by_chance ? text.append(" by chance") : text;
}

void print_times(std::ostream& out, std::string_view name, const latency_histogram& times) {
  if (times.count() == 0)
    return;
  out << std::left << std::setw(14) << name << std::right;
  for (const auto time : {times.least(), times.quantile(0.5), times.quantile(0.9), times.quantile(0.99),
                          times.quantile(0.999), times.greatest(), times.mean()})
    out << std::setw(10) << time_text(time);
  out << '\n';
}

void print_refusals(std::ostream& out, int status, const refusals& refused) {
  if (refused.with_retry_after + refused.without_retry_after > 0)
    out << status << "           " << refused.with_retry_after << " with Retry-After, "
        << refused.without_retry_after << " without\n";
}

void print_names(std::ostream& out, std::string_view what, const counts_by_name& counts) {
  if (counts.empty())
    return;
  out << std::left << std::setw(13) << what << std::right;
  for (const auto& [name, number] : counts)
    out << ' ' << name << ": " << number;
  out << '\n';
}

void print_answers(std::ostream& out, const tally& count) {
  const auto known = statuses(count);
  if (!known.empty()) {
    out << "statuses     ";
    for (const auto& [status, number] : known)
      out << ' ' << std::string_view{status} << ": " << number;
    out << '\n';
  }
  print_refusals(out, 429, count.refused_429);
  print_refusals(out, 503, count.refused_503);
  print_names(out, "blocked", count.blocked);
  print_names(out, "failed", count.generation_errors);
}

void print_counts(std::ostream& out, const report& run) {
  const auto& count = run.result.count;
  out << "requests      " << count.intended << " intended, " << count.sent << " sent, "
      << count.intended - count.sent << " not sent; " << count.answered() << " answered, "
      << count.unanswered() << " failed\n"
      << "rates         " << rate_text(run.achieved_rate()) << "/s sent, " << rate_text(run.goodput())
      << "/s good (goodput)\n";
  print_answers(out, count);
  out << "errors       ";
  for (const auto& [kind, number] : errors(count))
    if (number != 0)
      out << ' ' << std::string_view{kind} << ": " << number;
  out << (count.unanswered() == 0 ? " none\n" : "\n");
  if (count.connections > 0)
    out << "bytes         " << count.bytes_sent << " sent, " << count.bytes_received << " received\n"
        << "connections   " << count.connections << " made, at most " << run.lines << " at once\n";
}

void print_kinds(std::ostream& out, const report& run) {
  if (run.kinds.size() < 2)
    return;
  out << std::left << std::setw(14) << "kind" << std::right;
  for (const auto* name : {"intended", "good", "blocked", "not good", "p50 ms", "p99 ms"})
    out << std::setw(10) << name;
  out << '\n';
  for (std::size_t kind = 0; kind < run.kinds.size(); ++kind) {
    const auto& count = run.result.kinds[kind];
    out << std::left << std::setw(14) << apps::printable(run.kinds[kind]) << std::right << std::setw(10)
        << count.intended << std::setw(10) << count.good << std::setw(10) << sum_of(count.blocked)
        << std::setw(10) << count.intended - count.good << std::setw(10)
        << time_text(count.latency.quantile(0.5)) << std::setw(10) << time_text(count.latency.quantile(0.99))
        << '\n';
  }
}

void print_notes(std::ostream& out, const report& run) {
  const auto& count = run.result.count;
  if (!run.result.stopped_by.empty())
    out << "note: a rule stopped the run: " << run.result.stopped_by << '\n';
  if (run.result.warm_up.intended > 0)
    out << "note: " << run.result.warm_up.intended << " requests of the warm-up are not counted\n";
  if (run.result.interrupted)
    out << "note: the run was ended early\n";
  if (count.unanswered() > 0)
    out << "note: the times leave out " << count.unanswered() << " requests without an answer\n";
  if (run.generator_was_bottleneck())
    out << "warning: the generator, not the target, was the bottleneck (it ran or waited for a processor "
        << fixed(100 * count.busiest, 0)
        << " % of the time); lower --rate, raise --threads or free a processor\n";
}

} // namespace

double report::achieved_rate() const noexcept {
  return a_second(result.count.sent_in_time, result.lasted);
}

double report::goodput() const noexcept {
  return a_second(result.count.good_in_time, result.lasted);
}

bool report::generator_was_bottleneck() const noexcept {
  const auto& count = result.count;
  const auto counts = [&](const latency_histogram& delay) {
    const auto late = milliseconds(delay.quantile(0.99));
    return late > late_ms && late > late_share * milliseconds(count.latency.quantile(0.99));
  };
  // A wait for a connection is the target's doing, unless the generator had no time to look after them.
  return counts(count.lateness) || (count.busiest > busy_share && counts(count.send_delay));
}

bool report::reached_nothing() const noexcept {
  return result.count.intended > 0 && result.count.sent == 0 &&
         result.count.count(failure::interrupted) < result.count.intended;
}

json::object to_json(const report& run) {
  const auto& count = run.result.count;
  json::object found{
    {"target", run.target},
    {"rate", run.rate},
    {"offered", offered_text(run)},
    {"duration_s", run.result.lasted.count()},
    {"interrupted", run.result.interrupted},
    {"stopped_by", run.result.stopped_by},
    {"warm_up", requests(run.result.warm_up)},
    {"connections", json::object{{"limit", run.lines}, {"made", count.connections}}},
    {"requests", requests(count)},
    {"good", count.good},
    {"blocked", by_name(count.blocked)},
    {"generation_errors", by_name(count.generation_errors)},
    {"achieved_rate", run.achieved_rate()},
    {"goodput", run.goodput()},
    {"statuses", statuses(count)},
    {"refusals", json::object{{"429", to_json(count.refused_429)}, {"503", to_json(count.refused_503)}}},
    {"errors", errors(count)},
    {"bytes", json::object{{"sent", count.bytes_sent}, {"received", count.bytes_received}}},
    {"latency_ms", quantiles(count.latency)},
    {"latency_2xx_ms", quantiles(count.latency_good)}};
  if (run.stream) {
    found["first_content_ms"] = quantiles(count.first_content);
    found["gaps_ms"] = quantiles(count.gaps);
  }
  if (count.stages.queue.count() > 0)
    found["stages_ms"] = stages(count.stages);
  if (run.kinds.size() > 1) {
    json::object kinds;
    for (std::size_t kind = 0; kind < run.kinds.size(); ++kind)
      kinds[run.kinds[kind]] = kind_to_json(run.result.kinds[kind]);
    found["kinds"] = std::move(kinds);
  }
  found["course"] = course(run.result.course);
  found["generator"] = json::object{{"threads", run.threads},
                                    {"busy", count.busiest},
                                    {"lateness_ms", quantiles(count.lateness)},
                                    {"send_delay_ms", quantiles(count.send_delay)},
                                    {"bottleneck", run.generator_was_bottleneck()}};
  return found;
}

void print(std::ostream& out, const report& run) {
  const auto& count = run.result.count;
  out << run.target << ", " << offered_text(run) << " for " << fixed(run.result.lasted.count(), 1) << " s\n";
  print_counts(out, run);
  out << std::left << std::setw(14) << "ms" << std::right;
  for (const auto* name : {"min", "p50", "p90", "p99", "p99.9", "max", "mean"})
    out << std::setw(10) << name;
  out << '\n';
  print_times(out, "latency", count.latency);
  if (count.latency_good.count() != count.latency.count())
    print_times(out, "  of good", count.latency_good);
  print_times(out, "first content", count.first_content);
  print_times(out, "gaps", count.gaps);
  print_times(out, "queue", count.stages.queue);
  print_times(out, "input checks", count.stages.input_checks);
  print_times(out, "llm", count.stages.llm);
  print_times(out, "output checks", count.stages.output_checks);
  print_times(out, "send delay", count.send_delay);
  print_times(out, "lateness", count.lateness);
  print_kinds(out, run);
  print_notes(out, run);
}

void print_table(std::ostream& out, std::span<const report> runs) {
  if (!runs.empty())
    out << runs.front().target << ", " << fixed(runs.front().result.lasted.count(), 1) << " s each\n";
  for (const auto* name :
       {"rate/s", "sent/s", "good/s", "p50 ms", "p99 ms", "p99.9 ms", "refused", "failed", "late ms"})
    out << std::setw(10) << name;
  out << '\n';
  for (const auto& run : runs) {
    const auto& count = run.result.count;
    out << std::setw(10) << rate_text(run.rate) << std::setw(10) << rate_text(run.achieved_rate())
        << std::setw(10) << rate_text(run.goodput()) << std::setw(10)
        << time_text(count.latency.quantile(0.5)) << std::setw(10) << time_text(count.latency.quantile(0.99))
        << std::setw(10) << time_text(count.latency.quantile(0.999)) << std::setw(10) << count.refused()
        << std::setw(10) << count.unanswered() << std::setw(10) << time_text(count.lateness.quantile(0.99))
        << (run.generator_was_bottleneck() ? "  (generator)" : "") << '\n';
  }
}

} // namespace guardrails::load
