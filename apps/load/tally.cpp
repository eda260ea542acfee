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

} // namespace

std::string_view name_of(failure why) noexcept {
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

void tally::add(const answer& came) noexcept {
  ++statuses[std::min<std::size_t>(came.status, statuses.size() - 1)];
  latency.add(came.latency);
  if (came.status == 429 || came.status == 503) {
    auto& refused = came.status == 429 ? refused_429 : refused_503;
    ++(came.retry_after ? refused.with_retry_after : refused.without_retry_after);
  }
  if (came.status / 100 != 2)
    return;
  ok_in_time += came.in_time;
  latency_2xx.add(came.latency);
  if (came.first_content)
    first_content.add(*came.first_content);
}

void tally::merge(const tally& other) noexcept {
  intended += other.intended;
  sent += other.sent;
  sent_in_time += other.sent_in_time;
  ok_in_time += other.ok_in_time;
  connections += other.connections;
  bytes_sent += other.bytes_sent;
  bytes_received += other.bytes_received;
  busiest = std::max(busiest, other.busiest);
  add_each(statuses, other.statuses);
  add_each(failed, other.failed);
  add_to(refused_429, other.refused_429);
  add_to(refused_503, other.refused_503);
  latency.merge(other.latency);
  latency_2xx.merge(other.latency_2xx);
  first_content.merge(other.first_content);
  lateness.merge(other.lateness);
  send_delay.merge(other.send_delay);
}

std::uint64_t tally::unanswered() const noexcept {
  return std::accumulate(failed.begin(), failed.end(), std::uint64_t{0});
}

} // namespace guardrails::load
