// async<T>: waiting, awaiting, chaining, gathering, cancelling; and Asio's completion tokens.
#define CAF_SUITE async
#include "tests/caf_test.hpp"

#include "actors/completion_thread.hpp"

#include <guardrails/asio.hpp>
#include <guardrails/guardrails.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <stdexcept>
#include <string>
#include <thread>

using namespace guardrails;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

std::vector<chat_message> saying(std::string text) {
  return {{"user", std::move(text)}};
}

llm_rails echo_rails(std::string_view more = {}) {
  return llm_rails{rails_config::from_content("llm:\n  engine: echo\n" + std::string{more}), {1, 2, {}}};
}

async<std::string> twice(llm_rails& rails) {
  const auto first = co_await rails.generate_async(saying("one"));
  const auto second = co_await rails.generate_async(saying("two"), return_details);
  co_return first + second.final_response;
}

async<int> failing(llm_rails& rails) {
  co_await rails.generate_async(saying("x"));
  throw std::runtime_error("from the coroutine");
}

async<void> nothing_to_return(llm_rails& rails, bool& done) {
  auto task = rails.generate_async(saying("x"));
  co_await task;
  done = true;
}

struct executor_pair {
  std::shared_ptr<actors::completion_thread> thread = std::make_shared<actors::completion_thread>();
  std::shared_ptr<detail::async_state<int>> state = std::make_shared<detail::async_state<int>>(thread);
};

} // namespace

TEST("the longest wait is a wait") {
  auto state = std::make_shared<detail::async_state<int>>();
  async<int> task{state};
  std::thread later{[state] {
    std::this_thread::sleep_for(20ms);
    state->set_value(1);
  }};
  CHECK(!task.wait_for(std::chrono::seconds::min()));
  CHECK(task.wait_for(std::chrono::hours::max()));
  later.join();
}

TEST("a coroutine awaits generations one after the other") {
  auto rails = echo_rails();
  CHECK_EQ(twice(rails).get(), "onetwo");
}

TEST("messages may be written in place") {
  auto rails = echo_rails();
  CHECK_EQ(rails.generate({{"user", "one"}}), "one");
  CHECK_EQ(rails.generate({{"system", "Be brief."}, {"user", "two"}}, return_details).final_response, "two");
  CHECK_EQ(rails.generate_async({{"user", "three"}}).get(), "three");
}

TEST("what a coroutine throws arrives at get") {
  auto rails = echo_rails();
  auto task = failing(rails);
  std::string problem;
  try {
    task.get();
  } catch (const std::runtime_error& e) {
    problem = e.what();
  }
  CHECK_EQ(problem, "from the coroutine");
}

TEST("a coroutine may return nothing") {
  auto rails = echo_rails();
  bool done = false;
  nothing_to_return(rails, done).get();
  CHECK(done);
}

TEST("then runs on the completion thread and passes its result on") {
  auto rails = echo_rails();
  auto length =
    rails.generate_async(saying("hello")).then([caller = std::this_thread::get_id()](std::string text) {
      return std::this_thread::get_id() == caller ? std::size_t{0} : text.size();
    });
  CHECK_EQ(std::move(length).then([](std::size_t n) { return n + 1; }).get(), 6u);
}

TEST("a failure skips then and is passed on") {
  executor_pair p;
  async<int> source{p.state};
  bool ran = false;
  auto target = std::move(source).then([&](int) { ran = true; });
  p.state->set_exception(std::make_exception_ptr(std::runtime_error("early")));
  bool caught = false;
  try {
    target.get();
  } catch (const std::runtime_error&) {
    caught = true;
  }
  CHECK(caught);
  CHECK(!ran);
}

TEST("an async that arrives before then or co_await is continued all the same") {
  executor_pair p;
  p.state->set_value(4);
  CHECK_EQ(async<int>{p.state}.then([](int n) { return n * 2; }).get(), 8);
}

TEST("only the first delivery counts") {
  executor_pair p;
  p.state->set_value(1);
  p.state->set_value(2);
  p.state->set_exception(std::make_exception_ptr(1));
  CHECK_EQ(async<int>{p.state}.get(), 1);
}

TEST("an async is consumed once") {
  executor_pair p;
  p.state->set_value(1);
  async<int> task{p.state};
  CHECK_EQ(task.get(), 1);
  CHECK(!task.valid());
  bool refused = false;
  try {
    task.get();
  } catch (const std::logic_error&) {
    refused = true;
  }
  CHECK(refused);
}

TEST("gather of nothing is ready, and a failure in the middle is the failure of all") {
  CHECK_EQ(gather(std::vector<async<int>>{}).get().size(), 0u);
  executor_pair a;
  executor_pair b;
  std::vector<async<int>> tasks;
  tasks.emplace_back(a.state);
  tasks.emplace_back(b.state);
  auto all = gather(std::move(tasks));
  a.state->set_exception(std::make_exception_ptr(std::runtime_error("first")));
  CHECK(!all.ready());
  b.state->set_value(1);
  bool caught = false;
  try {
    all.get();
  } catch (const std::runtime_error&) {
    caught = true;
  }
  CHECK(caught);
}

TEST("cancelling a gathered whole cancels its parts") {
  auto rails = echo_rails("  latency: 60s\n  timeout: 120s\n");
  std::vector<async<generation>> tasks;
  for (int i = 0; i < 3; ++i)
    tasks.push_back(rails.generate_async(saying("x"), return_details));
  auto all = gather(std::move(tasks));
  all.cancel();
  for (const auto& result : all.get())
    CHECK(result.block_reason == block_reason::cancelled);
}

TEST("a runtime may be ended from a continuation") {
  auto rails = std::make_unique<llm_rails>(echo_rails());
  std::promise<void> ended;
  auto done = ended.get_future();
  rails->generate_async(saying("x"))
    .then([&](std::string) {
      rails.reset();
      ended.set_value();
    })
    .wait();
  CHECK(done.wait_for(30s) == std::future_status::ready);
}

TEST("results from many threads at once arrive where they belong") {
  auto rails = echo_rails();
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const auto text = std::to_string(t) + "/" + std::to_string(i);
        if (rails.generate(saying(text)) != text)
          ++wrong;
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK_EQ(wrong.load(), 0);
}

TEST("an Asio coroutine awaits a generation on its own executor") {
  auto rails = echo_rails();
  asio::io_context io;
  std::string text;
  bool same_thread = false;
  auto session = [&]() -> asio::awaitable<void> {
    text = co_await rails.generate_async(saying("one"), asio::use_awaitable);
    const auto details = co_await rails.generate_async(saying("two"), return_details, asio::use_awaitable);
    text += details.final_response;
    same_thread = io.get_executor().running_in_this_thread();
  };
  asio::co_spawn(io, session(), asio::detached);
  io.run();
  CHECK_EQ(text, "onetwo");
  CHECK(same_thread);
}

TEST("a future and a callback are completion tokens, too") {
  auto rails = echo_rails();
  CHECK_EQ(rails.generate_async(saying("one"), asio::use_future).get(), "one");
  asio::io_context io;
  std::string text;
  rails.generate_async(
    saying("two"), return_details,
    asio::bind_executor(io.get_executor(), [&](generation g) { text = g.final_response; }));
  io.run();
  CHECK_EQ(text, "two");
}

TEST("an Asio cancellation signal cancels the generation") {
  auto rails = echo_rails("  latency: 60s\n  timeout: 120s\n");
  asio::io_context io;
  asio::cancellation_signal stop;
  std::optional<generation> result;
  rails.generate_async(
    saying("x"), return_details,
    asio::bind_cancellation_slot(
      stop.slot(), asio::bind_executor(io.get_executor(), [&](generation g) { result = std::move(g); })));
  stop.emit(asio::cancellation_type::terminal);
  io.run();
  REQUIRE(result.has_value());
  CHECK(result->block_reason == block_reason::cancelled);
}
