// async<T>: a value that arrives later. Await it, wait for it, chain it, combine it, cancel it.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace guardrails {

/// Runs continuations: where the code after a `co_await`, and the callbacks of `then`, execute.
class continuation_executor {
public:
  virtual ~continuation_executor() = default;

  /// Runs `work` later, or at once when the executor has ended. Must not throw.
  virtual void post(std::function<void()> work) noexcept = 0;
};

template <class T>
class async;

namespace detail {

/// Stands for void where a value is stored.
struct nothing {};

template <class T>
using stored = std::conditional_t<std::is_void_v<T>, nothing, T>;

/// The meeting point of one producer and one consumer.
template <class T>
class async_state {
public:
  explicit async_state(std::shared_ptr<continuation_executor> executor = nullptr)
    : executor_{std::move(executor)} {}

  /// Delivers the value; only the first delivery counts.
  void set_value(stored<T> value) {
    auto boxed = std::make_unique<stored<T>>(std::move(value));
    deliver([&] { value_ = std::move(boxed); });
  }

  void set_exception(std::exception_ptr problem) {
    deliver([&] { problem_ = std::move(problem); });
  }

  bool ready() const {
    std::lock_guard guard{mutex_};
    return done_;
  }

  void wait() const {
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, [this] { return done_; });
  }

  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> time) const {
    // The clock overflows where a far future is added to now.
    constexpr std::chrono::duration<double> for_ever = std::chrono::hours{24 * 365};
    const auto limit = std::clamp<std::chrono::duration<double>>(time, std::chrono::seconds{0}, for_ever);
    std::unique_lock lock{mutex_};
    return arrived_.wait_for(lock, std::chrono::duration_cast<std::chrono::nanoseconds>(limit),
                             [this] { return done_; });
  }

  /// Takes the value out; the state must be ready.
  stored<T> take() {
    std::lock_guard guard{mutex_};
    if (problem_)
      std::rethrow_exception(problem_);
    return std::move(*value_);
  }

  /// Runs `work` on the executor once ready; returns false, and keeps nothing, when it is ready already.
  bool on_ready(std::function<void()> work) { return add(continuation_, work); }

  /// Like on_ready, on the delivering thread: for work of our own that is quick and does not throw.
  bool on_ready_inline(std::function<void()> work) { return add(inline_continuation_, work); }

  /// What cancel() does; ignored once ready.
  void on_cancel(std::function<void()> work) {
    std::lock_guard guard{mutex_};
    if (!done_)
      cancel_ = std::move(work);
  }

  void cancel() {
    std::unique_lock lock{mutex_};
    const auto work = cancel_;
    lock.unlock();
    if (work)
      work();
  }

  const std::shared_ptr<continuation_executor>& executor() const noexcept { return executor_; }

private:
  bool add(std::function<void()>& slot, std::function<void()>& work) {
    std::lock_guard guard{mutex_};
    if (done_)
      return false;
    slot = std::move(work);
    return true;
  }

  template <class Store>
  void deliver(Store store) {
    std::unique_lock lock{mutex_};
    if (done_)
      return;
    store();
    done_ = true;
    cancel_ = nullptr;
    auto quick = std::move(inline_continuation_);
    auto posted = std::move(continuation_);
    auto executor = executor_;
    // Notified under the lock: the waiter may destroy this state as soon as it can take the lock.
    arrived_.notify_all();
    lock.unlock();
    if (quick)
      quick();
    if (posted && executor)
      executor->post(std::move(posted));
    else if (posted)
      posted();
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable arrived_;
  bool done_ = false;
  std::unique_ptr<stored<T>> value_; // on the heap: a waiting state must be small
  std::exception_ptr problem_;
  std::function<void()> continuation_;
  std::function<void()> inline_continuation_;
  std::function<void()> cancel_;
  std::shared_ptr<continuation_executor> executor_;
};

template <class T>
struct async_promise_base {
  std::shared_ptr<async_state<T>> state = std::make_shared<async_state<T>>();

  std::suspend_never initial_suspend() noexcept { return {}; }
  std::suspend_never final_suspend() noexcept { return {}; }
  async<T> get_return_object() { return async<T>{state}; }
  void unhandled_exception() { state->set_exception(std::current_exception()); }
};

template <class T>
struct async_promise : async_promise_base<T> {
  void return_value(T value) { this->state->set_value(std::move(value)); }
};

template <>
struct async_promise<void> : async_promise_base<void> {
  void return_void() { this->state->set_value({}); }
};

} // namespace detail

/// A result that arrives later. Move-only; its value can be taken once. Dropping it does not cancel the work.
///
/// The code after `co_await` and callbacks given to `then` run on the runtime's completion thread, never on a
/// scheduler or I/O thread; it is one thread, so long work belongs elsewhere. `get` and `wait_for` block the
/// calling thread and must not be used in an actor. A coroutine may return `async<T>`: it starts at once.
template <class T>
class [[nodiscard]] async {
public:
  using value_type = T;
  using promise_type = detail::async_promise<T>;

  async() = default;
  explicit async(std::shared_ptr<detail::async_state<T>> state)
    : state_{std::move(state)} {}
  async(async&&) noexcept = default;
  async& operator=(async&&) noexcept = default;
  async(const async&) = delete;
  async& operator=(const async&) = delete;

  /// False for a default-constructed or consumed object; every other member then throws std::logic_error.
  bool valid() const noexcept { return state_ != nullptr; }

  bool ready() const { return state().ready(); }

  /// Blocks until the value is there and takes it. Rethrows what a coroutine or a `then` callback threw.
  T get() {
    state().wait();
    return take();
  }

  void wait() const { state().wait(); }

  /// Waits at most `time`; true when the value is there.
  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> time) const {
    return state().wait_for(time);
  }

  /// Calls `work(value)` (for void: `work()`) when the value is there; the returned async has its result. A
  /// failure of this async skips `work` and is passed on. Consumes this object.
  template <class Work>
  auto then(Work work) && {
    using result = typename invoke_result<Work>::type;
    auto source = consume();
    auto target = std::make_shared<detail::async_state<result>>(source->executor());
    target->on_cancel([weak = std::weak_ptr{source}] {
      if (auto alive = weak.lock())
        alive->cancel();
    });
    auto run = [source, target, shared = std::make_shared<Work>(std::move(work))] {
      try {
        if constexpr (std::is_void_v<result>) {
          apply(*shared, source->take());
          target->set_value({});
        } else {
          target->set_value(apply(*shared, source->take()));
        }
      } catch (...) {
        target->set_exception(std::current_exception());
      }
    };
    if (!source->on_ready(run))
      run_later(*source, std::move(run));
    return async<result>{std::move(target)};
  }

  /// Asks the producer to stop; the value then is what a cancelled operation yields. No effect once ready,
  /// nor on a coroutine: cancel what it awaits.
  void cancel() { state().cancel(); }

  auto operator co_await() & { return awaiter{consume()}; }
  auto operator co_await() && { return awaiter{consume()}; }

  /// The shared state; for combinators.
  std::shared_ptr<detail::async_state<T>> consume() {
    state();
    return std::exchange(state_, nullptr);
  }

private:
  template <class Work>
  struct invoke_result {
    static auto probe() {
      if constexpr (std::is_void_v<T>)
        return std::type_identity<std::invoke_result_t<Work&>>{};
      else
        return std::type_identity<std::invoke_result_t<Work&, T>>{};
    }
    using type = typename decltype(probe())::type;
  };

  template <class Work>
  static decltype(auto) apply(Work& work, detail::stored<T> value) {
    if constexpr (std::is_void_v<T>)
      return work();
    else
      return work(std::move(value));
  }

  static void run_later(detail::async_state<T>& source, std::function<void()> run) {
    if (source.executor())
      source.executor()->post(std::move(run));
    else
      run();
  }

  struct awaiter {
    std::shared_ptr<detail::async_state<T>> state;

    bool await_ready() const { return state->ready(); }
    bool await_suspend(std::coroutine_handle<> waiting) {
      return state->on_ready([waiting] { waiting.resume(); });
    }
    T await_resume() {
      if constexpr (std::is_void_v<T>)
        state->take();
      else
        return state->take();
    }
  };

  T take() {
    auto state = consume();
    if constexpr (std::is_void_v<T>)
      state->take();
    else
      return state->take();
  }

  detail::async_state<T>& state() const {
    if (!state_)
      throw std::logic_error{"guardrails::async: no state (default-constructed or already consumed)"};
    return *state_;
  }

  std::shared_ptr<detail::async_state<T>> state_;
};

namespace detail {

template <class T>
concept object_type = !std::is_void_v<T>;

} // namespace detail

/// All values, in the order of `tasks`, when the last one is there. The first failure becomes the failure of
/// the whole, once all have ended. Cancelling it cancels every task.
template <detail::object_type T>
async<std::vector<T>> gather(std::vector<async<T>> tasks) {
  using states = std::vector<std::shared_ptr<detail::async_state<T>>>;
  auto sources = std::make_shared<states>();
  for (auto& task : tasks)
    sources->push_back(task.consume());
  auto executor = sources->empty() ? nullptr : sources->front()->executor();
  auto target = std::make_shared<detail::async_state<std::vector<T>>>(std::move(executor));
  target->on_cancel([weak = std::weak_ptr{sources}] {
    if (auto alive = weak.lock())
      for (auto& source : *alive)
        source->cancel();
  });
  // One more than there are tasks: the last decrement is ours, after all continuations are in place.
  auto left = std::make_shared<std::atomic<std::size_t>>(sources->size() + 1);
  auto arrived = [sources, target, left] {
    if (left->fetch_sub(1) != 1)
      return;
    try {
      std::vector<T> values;
      values.reserve(sources->size());
      for (auto& source : *sources)
        values.push_back(source->take());
      target->set_value(std::move(values));
    } catch (...) {
      target->set_exception(std::current_exception());
    }
  };
  for (auto& source : *sources)
    if (!source->on_ready_inline(arrived))
      arrived();
  arrived();
  return async<std::vector<T>>{std::move(target)};
}

} // namespace guardrails
