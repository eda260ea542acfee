// The whole house on real scheduler threads: answers, admission, deadlines, cancellation, dying stages.
#define CAF_SUITE house
#include "actors/input_checker.hpp"
#include "actors/llm_client.hpp"
#include "actors/output_checker.hpp"
#include "actors/pending_call.hpp"
#include "actors/system.hpp"
#include "tests/busy_threads.hpp"
#include "tests/caf_test.hpp"

#include <guardrails/actors.hpp>
#include <guardrails/guardrails.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>

using namespace guardrails;
using namespace guardrails::actors;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s; // far beyond any deadline below: only a hang reaches it

rails_config echo_config(std::string_view more = {}) {
  auto config = rails_config::from_content("llm:\n  engine: echo\n" + std::string{more});
  config.guardrails.check_toxicity = config.guardrails.check_semantic = false; // filler is no prose
  return config;
}

std::vector<chat_message> saying(std::string text) {
  return {{"user", std::move(text)}};
}

struct system_settings : caf::actor_system_config {
  system_settings() {
    enlist_types(*this);
    set_scheduler(*this, 2, scheduler_policy::stealing);
  }
};

/// Counts answers by reason.
struct tally {
  std::mutex mutex;
  std::map<std::string, int> by_reason;
  std::atomic<int> answered{0};

  std::unique_ptr<completion> slip() {
    struct counter final : completion {
      explicit counter(tally& t)
        : target{t} {}
      void complete(generation result) noexcept override {
        {
          std::lock_guard guard{target.mutex};
          ++target.by_reason[result.blocked ? to_string(*result.block_reason) : "answered"];
        }
        ++target.answered;
      }
      tally& target;
    };
    return std::make_unique<counter>(*this);
  }

  bool wait_for(int count) const {
    for (const auto end = std::chrono::steady_clock::now() + patience;
         std::chrono::steady_clock::now() < end;) {
      if (answered == count)
        return true;
      std::this_thread::sleep_for(1ms);
    }
    return false;
  }
};

/// A house in an actor system of its own, driven without the facade.
struct world {
  explicit world(const rails_config& config, std::size_t lanes = 4, chain_recipe recipe = &build_chain)
    : house{system, compile(config), lanes, std::move(recipe)} {}

  void submit(tally& count, std::string text, std::chrono::milliseconds deadline = {}) {
    auto place = admission_place::take(house.gate());
    auto call = std::make_shared<pending_call>(house.gate()->next_ticket(),
                                               generation_request{saying(std::move(text)), {}, deadline},
                                               count.slip(), std::move(place).value(), house.gate());
    post(house.front(), submission{std::move(call)});
  }

  template <class Answer, class Handle, class Message>
  std::optional<Answer> ask(const Handle& to, Message message) {
    caf::scoped_actor self{system};
    std::optional<Answer> result;
    mail(&*self, std::move(message))
      .request(to, 10s)
      .receive([&](Answer& a) { result = std::move(a); }, [](caf::error&) {});
    return result;
  }

  bool whole_again() {
    for (const auto end = std::chrono::steady_clock::now() + patience;
         std::chrono::steady_clock::now() < end;) {
      const auto status = ask<front_status>(house.front(), status_query{});
      if (status && status->lanes_open == status->lanes && status->in_flight == 0)
        return true;
      std::this_thread::sleep_for(5ms);
    }
    return false;
  }

  system_settings settings;
  caf::actor_system system{settings};
  actors::house house;
};

/// Remembers the chains that were built, so that a test can kill their stages.
struct chain_register {
  std::mutex mutex;
  std::vector<chain> built;

  chain_recipe recipe() {
    return [this](lane_actor::pointer host, const commons& shared) {
      auto stages = build_chain(host, shared);
      std::lock_guard guard{mutex};
      built.push_back(stages);
      return stages;
    };
  }

  std::vector<chain> all() {
    std::lock_guard guard{mutex};
    return built;
  }
};

/// An LLM client with a bug: every so often its handler throws, which kills the actor.
class faulty_llm_client {
public:
  using handle = llm_client_actor;
  static constexpr const char* name = "faulty-llm-client";

  faulty_llm_client(handle::pointer self, output_checker_actor next, std::shared_ptr<std::atomic<int>> count)
    : self_{self}
    , next_{std::move(next)}
    , count_{std::move(count)} {}

  handle::behavior_type make_behavior() {
    return {
      [this](prompt& p) -> caf::result<answer> {
        if (++*count_ % 100 == 0)
          throw std::runtime_error("a bug");
        p.account.llm_response = "fine";
        return mail(self_, draft{p.ticket, std::move(p.policy), std::move(p.life), std::move(p.account)})
          .delegate(next_);
      },
      [](const call_allowed&) {},
      [](const distant_answer&) {},
      [](const cancel_request&) {},
      [](const http_batch&) {},
      [](const retry_due&) {},
      [](const echo_due&) {},
      [](const draft_used&) {},
      [](const draft_refused&) {},
    };
  }

private:
  handle::pointer self_;
  output_checker_actor next_;
  std::shared_ptr<std::atomic<int>> count_;
};

enum class stage { input, llm, output, lane };

void kill(const chain& stages, stage which) {
  switch (which) {
  case stage::input:
    return post_exit(stages.input, caf::exit_reason::kill);
  case stage::llm:
    return post_exit(stages.llm, caf::exit_reason::kill);
  case stage::output:
    return post_exit(stages.output, caf::exit_reason::kill);
  case stage::lane:
    return;
  }
}

} // namespace

TEST("many concurrent generations are all answered, each with its own text") {
  llm_rails rails{echo_config(), {2, 4, scheduler_policy::stealing}};
  std::vector<async<generation>> tasks;
  for (int i = 0; i < 2'000; ++i)
    tasks.push_back(rails.generate_async(saying("number " + std::to_string(i)), return_details));
  const auto results = gather(std::move(tasks)).get();
  CHECK_EQ(results.size(), 2'000u);
  bool right = true;
  for (std::size_t i = 0; i < results.size(); ++i)
    right = right && results[i].final_response == "number " + std::to_string(i);
  CHECK(right);
}

TEST("killing any kind of stage with 1000 generations in flight loses none and leaves whole lanes") {
  for (const auto which : {stage::input, stage::llm, stage::output}) {
    chain_register chains;
    tally count;
    world w{echo_config("  latency: 200ms\n"), 4, chains.recipe()};
    for (int i = 0; i < 1'000; ++i)
      w.submit(count, "text");
    std::this_thread::sleep_for(20ms);
    for (const auto& stages : chains.all())
      kill(stages, which);
    CHECK(count.wait_for(1'000));
    CHECK_EQ(count.by_reason["answered"], 1'000);
    CHECK(w.whole_again());
    CHECK_EQ(chains.all().size(), 8u);
    tally again;
    for (int i = 0; i < 100; ++i)
      w.submit(again, "text");
    CHECK(again.wait_for(100));
    CHECK_EQ(again.by_reason["answered"], 100);
  }
}

TEST("handlers that throw while 1000 generations are in flight lose none") {
  auto throws = std::make_shared<std::atomic<int>>(0);
  auto recipe = [throws](lane_actor::pointer host, const commons& shared) {
    chain stages;
    stages.output = spawn<output_checker>(*host, shared.present, shared.judging);
    stages.llm = spawn<faulty_llm_client>(*host, stages.output, throws);
    stages.input = spawn<input_checker>(*host, shared.present, shared.judging, stages.llm);
    return stages;
  };
  tally count;
  world w{echo_config(), 4, recipe};
  for (int i = 0; i < 1'000; ++i)
    w.submit(count, "text");
  CHECK(count.wait_for(1'000));
  CHECK_EQ(count.by_reason["answered"], 1'000);
  CHECK(*throws > 1'000);
  CHECK(w.whole_again());
}

TEST("a request that kills every chain it meets ends as a typed error, and the lanes are whole again") {
  auto recipe = [](lane_actor::pointer host, const commons& shared) {
    chain stages;
    stages.output = spawn<output_checker>(*host, shared.present, shared.judging);
    stages.llm = spawn<faulty_llm_client>(*host, stages.output, std::make_shared<std::atomic<int>>(99));
    stages.input = spawn<input_checker>(*host, shared.present, shared.judging, stages.llm);
    return stages;
  };
  tally count;
  world w{echo_config(), 2, recipe};
  w.submit(count, "poison");
  CHECK(count.wait_for(1));
  CHECK_EQ(count.by_reason["check_error"], 1);
  CHECK(w.whole_again());
}

TEST("a front that dies answers everything it held as cancelled") {
  tally count;
  world w{echo_config("  latency: 60s\n  timeout: 120s\n")};
  for (int i = 0; i < 1'000; ++i)
    w.submit(count, "text");
  post_exit(w.house.front(), caf::exit_reason::kill);
  CHECK(count.wait_for(1'000));
  CHECK_EQ(count.by_reason["cancelled"], 1'000);
  w.submit(count, "to a dead front");
  CHECK(count.wait_for(1'001));
  CHECK_EQ(count.by_reason["cancelled"], 1'001);
}

TEST("long texts are judged, in full, and both sides of the model see them") {
  const std::string filler(longest_inline_text, 'x');
  llm_rails rails{echo_config()};
  CHECK_EQ(rails.generate(saying(filler)), filler);
  CHECK_EQ(rails.generate(saying(std::string(10'000'000, 'x'))).size(), 10'000'000u);
  const auto blocked = rails.generate(saying(filler + " a@bc.de"), return_details);
  CHECK(blocked.block_reason == block_reason::input);
  CHECK_EQ(blocked.input_check.value().findings.at(0).span.begin, filler.size() + 1);
  CHECK_EQ(blocked.messages.size(), 1u);
  const auto refused =
    rails.generate({{"system", std::string(65u << 20, 'x')}, {"user", "hi"}}, return_details);
  CHECK_EQ(refused.error.value().kind, "invalid_request");
  llm_rails open_input{echo_config("guardrails: {input_checks: false}\n")};
  const auto answered = open_input.generate(saying(filler + " a@bc.de"), return_details);
  CHECK(answered.block_reason == block_reason::output);
  CHECK(answered.timings.output_checks > 0);
}

TEST("while long texts wait or are judged, deadlines hold and short texts pass") {
  std::shared_ptr<judging_threads> judging;
  auto recipe = [&judging](lane_actor::pointer host, const commons& shared) {
    judging = shared.judging;
    return build_chain(host, shared);
  };
  tally late;
  tally prompt_ones;
  std::optional<test::occupation> occupied; // outlives the world
  {
    world w{echo_config(), 1, recipe};
    CHECK(w.whole_again());
    occupied.emplace(*judging);
    for (int i = 0; i < 8; ++i)
      w.submit(late, std::string(2 * longest_inline_text, 'x'), 150ms);
    for (int i = 0; i < 100; ++i)
      w.submit(prompt_ones, "short");
    CHECK(prompt_ones.wait_for(100));
    CHECK_EQ(prompt_ones.by_reason["answered"], 100);
    CHECK(late.wait_for(8));
    CHECK_EQ(late.by_reason["timeout"], 8);
    occupied->end();
    tally after;
    w.submit(after, std::string(2 * longest_inline_text, 'x'));
    CHECK(after.wait_for(1));
    CHECK_EQ(after.by_reason["answered"], 1);
    CHECK(w.whole_again());
    occupied.emplace(*judging);
    w.submit(late, std::string(2 * longest_inline_text, 'x'));
  } // ends the work under way
  CHECK(late.wait_for(9));
  CHECK_EQ(late.by_reason["cancelled"], 1);
}

TEST("killing stages while long texts are under judgement loses none") {
  for (const auto which : {stage::input, stage::output}) {
    std::shared_ptr<judging_threads> judging;
    chain_register chains;
    auto recipe = [&judging, build = chains.recipe()](lane_actor::pointer host, const commons& shared) {
      judging = shared.judging;
      return build(host, shared);
    };
    tally count;
    world w{echo_config(), 2, recipe};
    CHECK(w.whole_again());
    test::occupation occupied{*judging}; // so that every text still waits when its stage dies
    for (int i = 0; i < 200; ++i)
      w.submit(count, std::string(2 * longest_inline_text, 'x'));
    for (const auto& stages : chains.all())
      kill(stages, which);
    occupied.end();
    CHECK(count.wait_for(200));
    CHECK_EQ(count.by_reason["answered"], 200);
    CHECK(w.whole_again());
  }
}

TEST("a generation ends by its deadline") {
  llm_rails rails{echo_config("  latency: 60s\n  timeout: 300ms\n")};
  const auto result = rails.generate(saying("hi"), return_details);
  CHECK(result.block_reason == block_reason::timeout);
  CHECK_EQ(result.final_response, "The request timed out.");
  REQUIRE(result.error.has_value());
  CHECK_EQ(result.error->kind, "timeout");
  const auto shorter = rails.generate({saying("hi"), "mine", 50ms});
  CHECK(shorter.block_reason == block_reason::timeout);
  CHECK_EQ(shorter.request_id, "mine");
  llm_rails patient{echo_config()};
  CHECK(!patient.generate({saying("hi"), {}, std::chrono::milliseconds::max()}).blocked);
}

TEST("a cancelled generation is answered at once, and its result says so") {
  llm_rails rails{echo_config("  latency: 60s\n  timeout: 120s\n")};
  auto task = rails.generate_async(saying("hi"), return_details);
  CHECK(!task.wait_for(50ms));
  task.cancel();
  CHECK(task.wait_for(patience));
  CHECK(task.get().block_reason == block_reason::cancelled);
}

TEST("ending the runtime answers what is under way as cancelled") {
  async<generation> task;
  {
    llm_rails rails{echo_config("  latency: 60s\n  timeout: 120s\n")};
    task = rails.generate_async(saying("hi"), return_details);
  }
  CHECK(task.ready());
  const auto result = task.get();
  CHECK(result.block_reason == block_reason::cancelled);
  CHECK_EQ(result.messages.size(), 1u);
}

TEST("admission refuses what is over the limit and lets in again afterwards") {
  llm_rails rails{echo_config("  latency: 300ms\n  pool: {max_in_flight: 5}\n"),
                  {1, 2, scheduler_policy::stealing}};
  std::vector<async<generation>> tasks;
  for (int i = 0; i < 30; ++i)
    tasks.push_back(rails.generate_async(saying("hi"), return_details));
  int refused_count = 0;
  for (const auto& result : gather(std::move(tasks)).get())
    if (result.block_reason == block_reason::overloaded) {
      ++refused_count;
      CHECK_EQ(result.final_response, "The service is overloaded. Please retry.");
      CHECK_EQ(result.messages.size(), 1u);
    }
  CHECK_EQ(refused_count, 20);
  CHECK_EQ(rails.generate(saying("hi")), "hi");
}

TEST("an update applies to later requests and not to earlier ones") {
  llm_rails rails{echo_config("  latency: 200ms\n")};
  const auto first_version = rails.config_version();
  auto before = rails.generate_async(saying("nightfall"), return_details);
  const auto version = rails.update(echo_config("guardrails: {block_list: {words: [nightfall]}}\n"));
  const auto after = rails.generate(saying("nightfall"), return_details);
  CHECK(after.blocked);
  CHECK_EQ(after.config_version, version);
  const auto earlier = before.get();
  CHECK(!earlier.blocked);
  CHECK_EQ(earlier.config_version, first_version);
  CHECK(version != first_version);
  CHECK_EQ(rails.config_version(), version);
}

TEST("an actor system of the user's own hosts a runtime, and actors ask it") {
  system_settings settings;
  caf::actor_system system{settings};
  llm_rails rails{system, echo_config(), {0, 2, {}}};
  caf::scoped_actor self{system};
  std::optional<generation> result;
  mail(&*self, generation_request{saying("hello"), "from-an-actor", {}})
    .request(rails.handle(), 10s)
    .receive([&](generation& g) { result = std::move(g); }, [](caf::error&) {});
  REQUIRE(result.has_value());
  CHECK_EQ(result->final_response, "hello");
  CHECK_EQ(result->request_id, "from-an-actor");
  CHECK_EQ(result->messages.size(), 1u);
}

TEST("two runtimes live in one actor system") {
  system_settings settings;
  caf::actor_system system{settings};
  llm_rails strict{system, echo_config("guardrails: {block_list: {words: [moon]}}\n")};
  llm_rails lax{system, echo_config()};
  CHECK(strict.generate(saying("moon"), return_details).blocked);
  CHECK(!lax.generate(saying("moon"), return_details).blocked);
}

TEST("timings and identity are filled in") {
  llm_rails rails{echo_config("  latency: 20ms\n")};
  const auto result = rails.generate(saying("hi"), return_details);
  CHECK(result.timings.llm >= 20'000u);
  CHECK(result.timings.total >= result.timings.llm);
  CHECK(result.timings.queue <= result.timings.total);
  CHECK(!result.request_id.empty());
  CHECK_EQ(result.config_version, rails.config_version());
  CHECK_EQ(result.model, "echo");
  REQUIRE(result.input_check.has_value());
  CHECK(result.input_check->checks_off == echo_config().checks_off());
  CHECK(!result.input_check->checks_off.empty());
}
