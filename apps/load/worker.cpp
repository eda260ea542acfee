// Three kinds of coroutines on one thread: the pacer, one per line, and the sweeper of late answers.
#include "apps/load/worker.hpp"

#include "apps/load/processor_demand.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace guardrails::load {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using namespace std::chrono_literals;

/// After an interruption, answers under way have this long.
constexpr auto grace = 1s;

/// So many requests are handed out before answers are looked at again.
constexpr int batch = 64;

void rethrow(std::exception_ptr problem) {
  if (problem)
    std::rethrow_exception(problem);
}

} // namespace

worker::worker(const plan& what, target& aim, const schedule& times, std::size_t lines)
  : what_{what}
  , aim_{aim}
  , times_{times}
  , lines_{lines}
  , end_{times.end()}
  , counts_(what.prompts.kinds().size()) {}

void worker::run() {
  demand_ = processor_demand();
  asio::co_spawn(context_, pace(), rethrow);
  asio::co_spawn(context_, sweep(), rethrow);
  context_.run();
}

void worker::interrupt() {
  asio::post(context_, [this] { stop_early(); });
}

awaitable<void> worker::pace() {
  error_code ignored;
  while (due_ < times_.count() && !interrupted_) {
    auto now = clock::now();
    if (times_.at(due_) > now) {
      pacer_.expires_at(times_.at(due_));
      co_await pacer_.async_wait(redirect_error(use_awaitable, ignored));
      continue;
    }
    for (int i = 0; i < batch && due_ < times_.count() && times_.at(due_) <= now; ++i) {
      auto& count = count_of(due_);
      count.lateness.add(now - times_.at(due_));
      ++count.intended;
      ++due_;
      call_client();
    }
    co_await asio::post(context_, use_awaitable);
  }
  end_pacing();
}

void worker::end_pacing() {
  const std::chrono::duration<double> passed = clock::now() - times_.start();
  const std::chrono::duration<double> wanted = processor_demand() - demand_;
  busy_share_ = passed.count() > 0 ? std::min(wanted / passed, 1.0) : 0;
  paced_ = true;
  for (auto* each : idle_)
    each->bell.cancel();
  idle_.clear();
}

void worker::call_client() {
  if (!idle_.empty()) {
    idle_.back()->bell.cancel();
    idle_.pop_back();
  } else if (clients_.size() < lines_) {
    clients_.push_back(std::make_unique<client>(context_, aim_));
    asio::co_spawn(context_, serve(*clients_.back()), rethrow);
  } // else the first client that is done takes it
}

awaitable<void> worker::serve(client& me) {
  error_code ignored;
  for (;;) {
    const auto number = take();
    if (number) {
      co_await ask(me, *number);
    } else if (paced_) {
      co_return;
    } else {
      idle_.push_back(&me);
      me.bell.expires_at(clock::time_point::max());
      co_await me.bell.async_wait(redirect_error(use_awaitable, ignored));
    }
  }
}

// What has waited in vain until its time was over is passed over.
std::optional<std::uint64_t> worker::take() {
  const auto now = clock::now();
  while (next_ < due_) {
    const auto number = next_++;
    if (interrupted_)
      count_of(number).add(failure::interrupted);
    else if (times_.at(number) + what_.timeout <= now)
      count_of(number).add(failure::no_connection);
    else
      return number;
  }
  return std::nullopt;
}

awaitable<void> worker::ask(client& me, std::uint64_t number) {
  me.deadline = times_.at(number) + what_.timeout;
  me.busy = true;
  ++busy_;
  const auto result = co_await me.way->exchange(prompt_of(number), me.deadline);
  --busy_;
  me.busy = false;
  record(result, number);
}

void worker::record(const exchange_result& result, std::uint64_t number) {
  auto& count = count_of(number);
  const auto intended = times_.at(number);
  count.connections += result.connected;
  count.bytes_sent += result.bytes_sent;
  count.bytes_received += result.bytes_received;
  if (result.sent) {
    ++count.sent;
    count.sent_in_time += *result.sent <= end_;
    count.send_delay.add(*result.sent - intended);
  }
  if (result.failed)
    count.add(*result.failed);
  else
    record_answer(result, intended, count);
}

void worker::record_answer(const exchange_result& result, clock::time_point intended, tally& count) const {
  answer came{result.status,  result.retry_after, result.ended - intended, {}, result.ended <= end_,
              result.blocked, result.error};
  if (const auto& first = result.content.first())
    came.first_content = *first - intended;
  count.add(came);
  if (came.is_good())
    for (const auto gap : result.content.gaps())
      count.gaps.add(gap);
}

std::size_t worker::prompt_of(std::uint64_t number) const noexcept {
  return what_.prompts.pick(times_.number(number));
}

tally& worker::count_of(std::uint64_t number) noexcept {
  return counts_[what_.prompts.kind_of(prompt_of(number))];
}

// One timer for all answers: a timer each would cost more than the requests.
awaitable<void> worker::sweep() {
  asio::steady_timer timer{context_};
  const auto step = std::clamp<std::chrono::nanoseconds>(what_.timeout / 20, 1ms, 50ms);
  while (!is_over()) {
    timer.expires_after(step);
    co_await timer.async_wait(use_awaitable);
    const auto now = clock::now();
    for (auto& each : clients_)
      if (each->busy && each->deadline <= now)
        each->way->cut(interrupted_ ? failure::interrupted : failure::timeout);
  }
}

void worker::stop_early() {
  if (paced_ && is_over())
    return;
  const auto now = clock::now();
  interrupted_ = true;
  end_ = std::min(end_, now);
  pacer_.cancel();
  for (auto& each : clients_)
    each->deadline = std::min(each->deadline, now + grace);
}

} // namespace guardrails::load
