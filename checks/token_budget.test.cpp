// The budget at its limits, and the books of runs against a plain model of them.
#include "checks/run_ledger.hpp"

#include <limits>
#include <random>

#include "tests/cpu_time.hpp"

#define CAF_SUITE token_budget
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace std::chrono_literals;

namespace {

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

guardrails_config limited(std::uint64_t run, std::uint64_t reserved = 0) {
  guardrails_config config;
  config.token_budget.enabled = true;
  config.token_budget.max_run_tokens = run;
  config.token_budget.reserved_output_tokens = reserved;
  return config;
}

run_ledger::time_point at(std::chrono::milliseconds since_start) {
  return run_ledger::time_point{} + since_start;
}

} // namespace

TEST("a request fits up to its limit and not one token more") {
  guardrails_config config;
  config.token_budget.max_request_tokens = 100;
  config.token_budget.reserved_output_tokens = 30;
  const token_budget budget{config};
  CHECK(budget.judge_input(70, most).passed);
  const auto over = budget.judge_input(71, 0);
  CHECK(!over.passed);
  CHECK_EQ(over.message, "Token budget exceeded. Please rephrase your input.");
  CHECK(over.context_tokens == 71 && over.output_tokens == 30 && over.run_used_tokens == 0);
  CHECK(budget.judge_output(most, most, most).passed);
}

TEST("a run fits up to its limit, before the answer with what is reserved, afterwards with what was said") {
  const token_budget budget{limited(100, 30)};
  CHECK(budget.judge_input(50, 20).passed);
  CHECK(!budget.judge_input(51, 20).passed);
  CHECK(!budget.judge_input(50, 21).passed);
  CHECK(budget.judge_output(50, 30, 20).passed);
  const auto over = budget.judge_output(50, 31, 20);
  CHECK(!over.passed);
  CHECK_EQ(over.message, "Token budget exceeded. LLM response has been blocked.");
  CHECK(over.context_tokens == 50 && over.output_tokens == 31 && over.run_used_tokens == 20);
}

TEST("counts beyond all numbers are too many, not few") {
  const token_budget budget{limited(100, 30)};
  CHECK_EQ(sum_of_tokens(most, 1), most);
  CHECK_EQ(sum_of_tokens(most - 1, 1), most);
  CHECK(!budget.judge_input(most, 0).passed);
  CHECK(!budget.judge_input(1, most).passed);
  CHECK(!budget.judge_output(most, most, most).passed);
}

TEST("either direction may be off, by the budget's key or by the rail's") {
  auto config = limited(10);
  CHECK(token_budget{config}.judges_input() && token_budget{config}.judges_output());
  config.token_budget.input_checks = false;
  config.output_checks = false;
  CHECK(!token_budget{config}.judges_input() && !token_budget{config}.judges_output());
}

TEST("claims count against a run until they are settled or released") {
  const token_budget budget{limited(100, 10)};
  run_ledger ledger;
  CHECK_EQ(ledger.claim("a", 1, 30, budget, at(0s)).used, 0u);
  CHECK_EQ(ledger.claim("a", 2, 50, budget, at(0s)).used, 40u);
  CHECK_EQ(ledger.claim("a", 3, 0, budget, at(0s)).used, 100u); // does not fit, so it sets nothing aside
  CHECK_EQ(ledger.claim("b", 4, 90, budget, at(0s)).used, 0u);
  ledger.release("a", 2);
  ledger.release("a", 2);
  ledger.release("a", 3);
  ledger.release("nobody", 1);
  CHECK_EQ(ledger.settle("a", 1, 25, at(0s)), 0u);
  CHECK_EQ(ledger.claim("a", 5, 65, budget, at(0s)).used, 25u);
  CHECK_EQ(ledger.settle("a", 5, 70, at(0s)), 25u);
  CHECK_EQ(ledger.claim("a", 6, 0, budget, at(0s)).used, 95u);
}

TEST("a claim of one ticket is one claim") {
  const token_budget budget{limited(1'000)};
  run_ledger ledger;
  ledger.claim("a", 1, 30, budget, at(0s));
  ledger.claim("a", 1, 40, budget, at(0s));
  CHECK_EQ(ledger.claim("a", 2, 1, budget, at(0s)).used, 40u);
}

TEST("a budget that only reports sets aside what does not fit") {
  auto config = limited(10);
  config.token_budget.block_on_exceeded = false;
  const token_budget budget{config};
  run_ledger ledger;
  CHECK_EQ(ledger.claim("a", 1, 50, budget, at(0s)).used, 0u);
  CHECK_EQ(ledger.claim("a", 2, 50, budget, at(0s)).used, 50u);
  CHECK_EQ(ledger.settle("a", 1, most, at(0s)), 0u);
  CHECK_EQ(ledger.claim("a", 3, 50, budget, at(0s)).used, most);
}

TEST("claims beyond any number are given back one by one") {
  auto config = limited(10);
  config.token_budget.block_on_exceeded = false;
  const token_budget budget{config};
  run_ledger ledger;
  for (std::uint64_t ticket = 1; ticket <= 3; ++ticket)
    ledger.claim("a", ticket, most, budget, at(0s));
  CHECK_EQ(ledger.claim("a", 4, 7, budget, at(0s)).used, most);
  for (std::uint64_t ticket = 1; ticket <= 3; ++ticket)
    ledger.release("a", ticket);
  CHECK_EQ(ledger.claim("a", 5, 1, budget, at(0s)).used, 7u);
}

TEST("giving back one of many claims takes no longer than one of few") {
  const token_budget budget{limited(most)};
  const auto seconds = [&](std::uint64_t claims) {
    run_ledger ledger;
    return test::least_cpu_seconds([&] {
      for (std::uint64_t ticket = 0; ticket < claims; ++ticket)
        ledger.claim("a", ticket, 1, budget, at(0s));
      for (std::uint64_t ticket = 0; ticket < claims; ++ticket)
        ledger.release("a", ticket);
    });
  };
  const auto few = seconds(20'000);
  const auto many = seconds(80'000);
  CHECK(many < 12 * few);
}

TEST("a run is forgotten when nobody used it for a while, never while it has a claim") {
  auto config = limited(100);
  config.token_budget.run_idle_timeout = 1'000ms;
  const token_budget budget{config};
  run_ledger ledger;
  ledger.claim("a", 1, 10, budget, at(0ms));
  ledger.settle("a", 1, 10, at(0ms));
  ledger.claim("busy", 2, 10, budget, at(0ms));
  CHECK_EQ(ledger.claim("a", 3, 10, budget, at(999ms)).used, 10u);
  ledger.settle("a", 3, 10, at(999ms));
  CHECK_EQ(ledger.claim("a", 4, 10, budget, at(1'998ms)).used, 20u);
  ledger.release("a", 4);
  ledger.claim("other", 5, 10, budget, at(3'500ms));
  CHECK_EQ(ledger.runs(), 2u); // a is gone, busy is not
  CHECK_EQ(ledger.claim("busy", 6, 0, budget, at(60s)).used, 10u);
}

TEST("past the most runs a new one finds no room, an old one goes on, and what used nothing leaves") {
  auto config = limited(100);
  config.token_budget.max_runs = 2;
  config.token_budget.run_idle_timeout = 1'000ms;
  const token_budget budget{config};
  run_ledger ledger;
  CHECK(ledger.claim("a", 1, 1, budget, at(0ms)).room);
  CHECK(ledger.claim("b", 2, 1, budget, at(0ms)).room);
  CHECK(!ledger.claim("c", 3, 1, budget, at(0ms)).room);
  CHECK(ledger.claim("a", 4, 1, budget, at(0ms)).room);
  ledger.release("b", 2);
  CHECK_EQ(ledger.runs(), 1u);
  CHECK(ledger.claim("c", 3, 1, budget, at(0ms)).room);
  ledger.settle("c", 3, 1, at(0ms));
  CHECK(!ledger.claim("d", 5, 1, budget, at(999ms)).room);
  CHECK(ledger.claim("d", 5, 1, budget, at(1'000ms)).room);
}

TEST("whatever the order, a run that answers within its claims never exceeds its limit") {
  const token_budget budget{limited(10'000, 50)};
  std::mt19937_64 random{5};
  for (int round = 0; round < 50; ++round) {
    run_ledger ledger;
    std::map<std::uint64_t, std::uint64_t> open; // ticket → claimed
    std::uint64_t used = 0;
    for (std::uint64_t ticket = 0; ticket < 500; ++ticket) {
      const auto context = random() % 200;
      const auto before = ledger.claim("run", ticket, context, budget, at(0s)).used;
      std::uint64_t claimed = 0;
      for (const auto& [other, tokens] : open)
        claimed += tokens;
      REQUIRE(before == used + claimed);
      if (budget.judge_input(context, before).passed)
        open[ticket] = context + 50;
      if (open.empty() || random() % 3 == 0)
        continue;
      const auto ending = std::next(open.begin(), static_cast<std::ptrdiff_t>(random() % open.size()));
      if (random() % 4 == 0) {
        ledger.release("run", ending->first);
      } else {
        const auto tokens = random() % (ending->second + 1);
        CHECK(budget.judge_output(tokens, 0, ledger.settle("run", ending->first, tokens, at(0s))).passed);
        used += tokens;
      }
      open.erase(ending);
    }
    CHECK(used <= 10'000u);
  }
}
