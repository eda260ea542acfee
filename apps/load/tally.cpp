// Files answers under status and kind, and adds tallies up.
#include "apps/load/tally.hpp"

#include <algorithm>
#include <numeric>

namespace guardrails::load {
namespace {

void add_to(refusals& sum, const refusals& more) noexcept {
  sum.with_retry_after += more.with_retry_after;
  sum.without_retry_after += more.without_retry_after;
}

template <class Array>
void add_each(Array& sums, const Array& more) noexcept {
  std::transform(sums.begin(), sums.end(), more.begin(), sums.begin(), std::plus<>{});
}

void count_in(counts_by_name& counts, std::string_view name) {
  const auto known = counts.find(name);
  if (known == counts.end())
    counts.emplace(name, 1);
  else
    ++known->second;
}

void add_names(counts_by_name& sums, const counts_by_name& more) {
  for (const auto& [name, number] : more)
    sums[name] += number;
}

} // namespace

void stage_times::add(const stage_timings& spent) noexcept {
  const auto microseconds = [](std::uint64_t count) {
    return std::chrono::microseconds{static_cast<std::int64_t>(count)};
  };
  queue.add(microseconds(spent.queue));
  input_checks.add(microseconds(spent.input_checks));
  llm.add(microseconds(spent.llm));
  output_checks.add(microseconds(spent.output_checks));
}

void stage_times::merge(const stage_times& other) noexcept {
  queue.merge(other.queue);
  input_checks.merge(other.input_checks);
  llm.merge(other.llm);
  output_checks.merge(other.output_checks);
}

void tally::add(const answer& came) {
  latency.add(came.latency);
  if (came.status != 0)
    ++statuses[std::min<std::size_t>(came.status, statuses.size() - 1)];
  if (!came.error.empty())
    count_in(generation_errors, came.error);
  if (!came.blocked.empty())
    count_in(blocked, came.blocked);
  if (came.status == 429 || came.status == 503) {
    auto& refused = came.status == 429 ? refused_429 : refused_503;
    ++(came.retry_after ? refused.with_retry_after : refused.without_retry_after);
  }
  if (!came.is_good())
    return;
  ++good;
  good_in_time += came.in_time;
  latency_good.add(came.latency);
  if (came.first_content)
    first_content.add(*came.first_content);
}

void tally::merge(const tally& other) {
  intended += other.intended;
  sent += other.sent;
  sent_in_time += other.sent_in_time;
  good += other.good;
  good_in_time += other.good_in_time;
  connections += other.connections;
  bytes_sent += other.bytes_sent;
  bytes_received += other.bytes_received;
  busiest = std::max(busiest, other.busiest);
  add_each(statuses, other.statuses);
  add_each(failed, other.failed);
  add_to(refused_429, other.refused_429);
  add_to(refused_503, other.refused_503);
  latency.merge(other.latency);
  add_names(blocked, other.blocked);
  add_names(generation_errors, other.generation_errors);
  latency_good.merge(other.latency_good);
  first_content.merge(other.first_content);
  gaps.merge(other.gaps);
  stages.merge(other.stages);
  lateness.merge(other.lateness);
  send_delay.merge(other.send_delay);
}

std::uint64_t tally::unanswered() const noexcept {
  return std::accumulate(failed.begin(), failed.end(), std::uint64_t{0});
}

std::uint64_t tally::refused() const noexcept {
  const auto overloads = generation_errors.find("overloaded");
  return statuses[429] + statuses[503] + (overloads == generation_errors.end() ? 0 : overloads->second);
}

} // namespace guardrails::load
