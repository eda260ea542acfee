// Sweeps deadlines and drains.
#include "apps/gateway/worker.hpp"

namespace guardrails::gateway {
namespace {

constexpr std::chrono::milliseconds between_sweeps{100};
constexpr std::chrono::milliseconds last_chance{1000};

} // namespace

void worker::run() {
  sweep_later();
  context.run();
}

void worker::drain() {
  if (draining_)
    return;
  draining_ = true;
  closing_from_ = watched_connection::clock::now() + last_chance;
  sweep();
}

void worker::sweep_later() {
  sweep_.expires_after(between_sweeps);
  sweep_.async_wait([this](boost::system::error_code problem) {
    if (problem)
      return;
    sweep();
    sweep_later();
  });
}

void worker::sweep() {
  const auto now = watched_connection::clock::now();
  if (draining_ && connections.empty()) {
    context.stop();
    return;
  }
  // Cancelling runs no handler at once, so the set stays as it is.
  for (auto* connection : connections)
    connection->expire(now, draining_ && now >= closing_from_);
}

} // namespace guardrails::gateway
