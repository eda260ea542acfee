// Work on the judging threads comes back to where it was awaited, whatever becomes of it.
#define CAF_SUITE judged_aside
#include "tests/caf_test.hpp"

#include "apps/gateway/body_memory.hpp"
#include "apps/gateway/judged_aside.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using namespace guardrails::gateway;
using guardrails::actors::judging_threads;
namespace asio = boost::asio;

/// How an awaited work ended.
struct ending {
  std::optional<std::string> value;
  std::string problem;
  bool at_home = false; // on the thread that awaited it
};

template <class Judge>
asio::awaitable<void> await_work(judging_threads& threads, bool unwanted, Judge judge, ending& end) {
  const auto home = std::this_thread::get_id();
  try {
    std::function<bool()> is_unwanted = [unwanted] { return unwanted; };
    end.value = co_await judged_aside(threads, 10, std::move(is_unwanted), std::move(judge));
  } catch (const std::exception& problem) {
    end.problem = problem.what();
  }
  end.at_home = std::this_thread::get_id() == home;
}

template <class Judge>
ending ended(judging_threads& threads, bool unwanted, Judge judge) {
  ending end;
  asio::io_context context;
  asio::co_spawn(context, await_work(threads, unwanted, std::move(judge), end), [](std::exception_ptr) {});
  context.run();
  return end;
}

} // namespace

TEST("a result, a problem or nothing comes home") {
  judging_threads threads{2};
  const auto done = ended(threads, false, [](const auto&) { return std::string{"done"}; });
  CHECK(done.value == std::optional<std::string>{"done"});
  CHECK(done.at_home);
  const auto failed =
    ended(threads, false, [](const auto&) -> std::string { throw std::runtime_error{"no luck"}; });
  CHECK(!failed.value);
  CHECK_EQ(failed.problem, "no luck");
  CHECK(failed.at_home);
  bool ran = false;
  const auto dropped = ended(threads, true, [&ran](const auto&) {
    ran = true;
    return std::string{};
  });
  CHECK(!dropped.value);
  CHECK(dropped.problem.empty());
  CHECK(dropped.at_home);
  CHECK(!ran);
}

TEST("who judges hears that nobody waits any more, and what it says then is dropped") {
  judging_threads threads{1};
  std::atomic<bool> has_left{false};
  bool was_told = false;
  ending end;
  asio::io_context context;
  auto judge = [&](const auto& stop) {
    const bool before = stop();
    has_left = true;
    was_told = !before && stop();
    return std::string{"half"};
  };
  const auto wait = [&](auto work) -> asio::awaitable<void> {
    std::function<bool()> is_unwanted = [&has_left] { return has_left.load(); };
    end.value = co_await judged_aside(threads, 10, std::move(is_unwanted), std::move(work));
  };
  asio::co_spawn(context, wait(std::move(judge)), [](std::exception_ptr) {});
  context.run();
  CHECK(was_told);
  CHECK(!end.value);
}

TEST("what waits when the threads stop comes home with nothing") {
  judging_threads threads{1};
  std::promise<void> begun;
  threads.run({1, [] { return false; },
               [&](const auto& stop) {
                 begun.set_value();
                 while (!stop())
                   std::this_thread::yield();
               }});
  begun.get_future().wait();
  ending end;
  asio::io_context context;
  asio::co_spawn(context,
                 await_work(
                   threads, false, [](const auto&) { return std::string{"x"}; }, end),
                 [](std::exception_ptr) {});
  context.poll();
  threads.stop();
  context.run();
  CHECK(!end.value);
  CHECK(end.at_home);
}

TEST("bodies share their memory") {
  std::atomic<std::int64_t> taken{0};
  constexpr auto free_bytes = body_share::free_bytes;
  {
    body_share first{taken, 1000};
    CHECK(first.grow_to(free_bytes));
    CHECK_EQ(taken.load(), 0);
    CHECK(first.grow_to(free_bytes + 600));
    CHECK(first.grow_to(free_bytes + 500)); // has it already
    CHECK_EQ(taken.load(), 600);
    body_share second{taken, 1000};
    CHECK(!second.grow_to(free_bytes + 401));
    CHECK(second.grow_to(free_bytes + 400));
    CHECK(!first.grow_to(free_bytes + 601));
    auto moved = std::move(second);
    CHECK_EQ(taken.load(), 1000);
    moved = body_share{};
    CHECK_EQ(taken.load(), 600);
  }
  CHECK_EQ(taken.load(), 0);
  body_share boundless;
  CHECK(boundless.grow_to(1 << 30));
}
