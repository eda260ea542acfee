// Three kinds of coroutines on one thread: the pacer, one per line, and the sweeper of late answers.
#include "apps/load/worker.hpp"

#include "apps/load/processor_demand.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

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

worker::worker(const plan& what, target& aim, const part& mine, listener tell)
  : what_{what}
  , aim_{aim}
  , mine_{mine}
  , tell_{std::move(tell)}
  , end_{mine.start + what.duration()}
  , due_{what.pace, mine.start - what.warm_up, what.by_chance, mine.thread, what.threads}
  , next_{due_}
  , counts_(what.prompts.kinds().size() + 1) {}

void worker::run() {
  demand_ = processor_demand();
  asio::co_spawn(context_, what_.closed ? keep_asking() : pace(), rethrow);
  asio::co_spawn(context_, sweep(), rethrow);
  context_.run();
}

void worker::interrupt() {
  asio::post(context_, [this] { stop_early(); });
}

awaitable<void> worker::pace() {
  error_code ignored;
  while (!due_.is_over() && !interrupted_) {
    auto now = clock::now();
    if (due_.next().intended > now) {
      pacer_.expires_at(due_.next().intended);
      co_await pacer_.async_wait(redirect_error(use_awaitable, ignored));
      continue;
    }
    for (int i = 0; i < batch && !due_.is_over() && due_.next().intended <= now; ++i) {
      count_of(due_.next()).lateness.add(now - due_.next().intended);
      intend(due_.next());
      due_.advance();
      call_client();
    }
    co_await asio::post(context_, use_awaitable);
  }
  end_pacing();
}

/// A closed loop: all lines ask until the time is over.
awaitable<void> worker::keep_asking() {
  error_code ignored;
  pacer_.expires_at(mine_.start - what_.warm_up);
  co_await pacer_.async_wait(redirect_error(use_awaitable, ignored));
  while (clients_.size() < mine_.lines)
    add_client();
  while (clock::now() < end_ && !interrupted_) {
    pacer_.expires_at(end_);
    co_await pacer_.async_wait(redirect_error(use_awaitable, ignored));
  }
  end_pacing();
}

void worker::end_pacing() {
  const std::chrono::duration<double> passed = clock::now() - (mine_.start - what_.warm_up);
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
  } else if (clients_.size() < mine_.lines) {
    add_client();
  } // else the first client that is done takes it
}

void worker::add_client() {
  clients_.push_back(std::make_unique<client>(context_, aim_));
  asio::co_spawn(context_, serve(*clients_.back()), rethrow);
}

awaitable<void> worker::serve(client& me) {
  error_code ignored;
  for (;;) {
    const auto mine = take();
    if (mine) {
      co_await ask(me, *mine);
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
std::optional<turn> worker::take() {
  if (what_.closed)
    return take_anew();
  const auto now = clock::now();
  while (next_.passed() < due_.passed()) {
    const auto mine = next_.next();
    next_.advance();
    if (interrupted_)
      fail(mine, failure::interrupted);
    else if (mine.intended + what_.timeout <= now)
      fail(mine, failure::no_connection);
    else
      return mine;
  }
  return std::nullopt;
}

std::optional<turn> worker::take_anew() {
  const auto now = clock::now();
  if (interrupted_ || now >= end_)
    return std::nullopt;
  const turn mine{mine_.thread + asked_++ * what_.threads, now};
  intend(mine);
  return mine;
}

awaitable<void> worker::ask(client& me, turn mine) {
  me.deadline = mine.intended + what_.timeout;
  me.busy = true;
  ++busy_;
  const auto result = co_await me.way->exchange(prompt_of(mine), me.deadline);
  --busy_;
  me.busy = false;
  record(result, mine);
}

void worker::intend(const turn& mine) {
  ++count_of(mine).intended;
  recent_.intended += counts(mine);
}

void worker::fail(const turn& mine, failure why) {
  count_of(mine).add(why);
  recent_.bad += counts(mine);
}

void worker::record(const exchange_result& result, const turn& asked) {
  auto& count = count_of(asked);
  count.connections += result.connected;
  count.bytes_sent += result.bytes_sent;
  count.bytes_received += result.bytes_received;
  if (result.sent) {
    ++count.sent;
    count.sent_in_time += *result.sent <= end_;
    count.send_delay.add(*result.sent - asked.intended);
  }
  if (result.failed)
    fail(asked, *result.failed);
  else
    record_answer(result, asked, count);
}

void worker::record_answer(const exchange_result& result, const turn& asked, tally& count) {
  answer came{result.status,  result.retry_after, result.ended - asked.intended, {}, result.ended <= end_,
              result.blocked, result.error};
  if (const auto& first = result.content.first())
    came.first_content = *first - asked.intended;
  count.add(came);
  if (result.stages)
    count.stages.add(*result.stages);
  if (came.is_good())
    for (const auto gap : result.content.gaps())
      count.gaps.add(gap);
  if (!counts(asked))
    return;
  ++(came.is_good() ? recent_.good : recent_.bad);
  recent_.latency.add(came.latency);
}

std::size_t worker::prompt_of(const turn& mine) const noexcept {
  return what_.prompts.pick(mine.number);
}

tally& worker::count_of(const turn& mine) noexcept {
  return counts(mine) ? counts_[what_.prompts.kind_of(prompt_of(mine))] : counts_.back();
}

/// Once an interval is over.
void worker::report(clock::time_point now) {
  if (now < mine_.start)
    return;
  const auto under_way = static_cast<std::size_t>((now - mine_.start) / mine_.interval);
  if (under_way == interval_ && !is_over())
    return;
  tell_(interval_, std::exchange(recent_, {}));
  interval_ = under_way;
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
    report(now);
  }
  report(clock::now());
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
