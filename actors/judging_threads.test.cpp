// The threads on which long texts are judged: room, order, and what becomes of unwanted work.
#define CAF_SUITE judging_threads
#include "actors/input_checker.hpp"
#include "actors/output_checker.hpp"
#include "tests/busy_threads.hpp"
#include "tests/caf_test.hpp"

#include <guardrails/actors.hpp>
#include <guardrails/guardrails.hpp>

#include <atomic>
#include <chrono>
#include <thread>

using namespace guardrails;
using namespace guardrails::actors;
using namespace std::chrono_literals;

namespace {

struct system_settings : caf::actor_system_config {
  system_settings() { enlist_types(*this); }
};

request_life short_life() {
  return request_life{std::chrono::steady_clock::now() + 30ms};
}

/// Whether `to` answers a message whose life ends while every judging thread is busy.
template <class Handle, class Message>
bool answers(caf::actor_system& sys, judging_threads& judging, const Handle& to, Message message,
             request_life life) {
  test::occupation occupied{judging};
  caf::scoped_actor self{sys};
  auto pending = mail(&*self, std::move(message)).request(to, 30s);
  test::eventually([&] { return life.over(); });
  occupied.end();
  bool answered = false;
  std::move(pending).receive([&](const answer&) { answered = true; }, [](const caf::error&) {});
  return answered;
}

} // namespace

TEST("what nobody waits for any more leaves the queue of long texts, and a full queue refuses") {
  judging_threads judging{2};
  std::atomic<int> judged{0};
  std::atomic<int> left{0};
  std::atomic<bool> gone{false};
  const auto never = [] { return false; };
  const auto count = [&](const checks::stop_function& stop) { ++(stop() ? left : judged); };
  test::occupation occupied{judging};
  constexpr auto share = judging_threads::most_waiting_bytes / 32;
  for (int i = 0; i < 32; ++i)
    CHECK(judging.run({share, [&] { return gone.load(); }, count}));
  CHECK(!judging.run({share, never, count}));
  CHECK(judging.run({1, never, count})); // a line of its own
  gone = true;
  CHECK(test::eventually([&] { return judging.run({share, never, count}); }));
  CHECK_EQ(left, 32);
  occupied.end();
  CHECK(test::eventually([&] { return judged == 2; }));
}

TEST("neither short nor huge texts keep the others waiting") {
  judging_threads judging{2};
  std::atomic<int> huge{0};
  std::atomic<int> common{0};
  std::atomic<int> common_before_huge{0};
  const auto never = [] { return false; };
  test::occupation occupied{judging};
  for (int i = 0; i < 100; ++i)
    CHECK(judging.run({2, never, [&](const checks::stop_function&) {
                         std::this_thread::sleep_for(2ms);
                         ++common;
                       }}));
  CHECK(judging.run({judging_threads::longest_common_text + 1, never, [&](const checks::stop_function& stop) {
                       common_before_huge = common.load();
                       ++huge;
                       while (!stop()) // for ever
                         std::this_thread::sleep_for(1ms);
                     }}));
  CHECK(judging.run(
    {judging_threads::longest_common_text + 1, never, [&](const checks::stop_function&) { ++huge; }}));
  occupied.end();
  CHECK(test::eventually([&] { return common == 100; }));
  CHECK_EQ(huge, 1);
  CHECK(common_before_huge < 100);
  judging.stop();
}

TEST("a long text that nobody waits for any more is answered all the same") {
  const auto policy = compile(rails_config::from_content("llm: {engine: echo}\n"));
  const auto text = std::string(2 * longest_inline_text, 'x');
  auto judging = std::make_shared<judging_threads>();
  system_settings settings;
  caf::actor_system sys{settings};
  {
    auto output = spawn<output_checker>(sys, nullptr, judging);
    auto input = spawn<input_checker>(sys, nullptr, judging, llm_client_actor{});
    admitted_request request{7, policy, conversation{{chat_message{"user", text}}}, short_life()};
    const auto life = request.life;
    CHECK(answers(sys, *judging, input, std::move(request), life));
    draft spoken;
    spoken.ticket = 8;
    spoken.policy = policy;
    spoken.life = short_life();
    spoken.account.llm_response = text;
    const auto its_life = spoken.life;
    CHECK(answers(sys, *judging, output, std::move(spoken), its_life));
    post_exit(input, caf::exit_reason::user_shutdown);
    post_exit(output, caf::exit_reason::user_shutdown);
  }
  judging->stop();
}
