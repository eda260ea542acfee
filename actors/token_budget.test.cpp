// The token budget on real scheduler threads: sessions, concurrency, what is given back, what dies.
#define CAF_SUITE token_budget_house
#include "actors/front.hpp"
#include "actors/guest_list.hpp"
#include "actors/policy_fetcher.hpp"
#include "actors/run_accounts.hpp"
#include "actors/system.hpp"
#include "tests/bpe_trainer.hpp"
#include "tests/caf_test.hpp"
#include "tests/scratch_folder.hpp"

#include <guardrails/guardrails.hpp>

#include <atomic>
#include <ctime>
#include <filesystem>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>

using namespace guardrails;
using namespace guardrails::actors;
using namespace std::chrono_literals;

namespace {

rails_config echo_with(std::string_view budget, std::string_view llm = "") {
  return rails_config::from_content("llm: {engine: echo" + std::string{llm} +
                                    "}\nguardrails: {check_toxicity: false, check_semantic: false, "
                                    "check_sensitive_data: false, token_budget: {enabled: true, " +
                                    std::string{budget} + "}}\n");
}

generation_request asking(std::string text, std::string session = {},
                          std::chrono::milliseconds deadline = {}) {
  return {{{"user", std::move(text)}}, {}, deadline, std::move(session)};
}

/// `hello` is one token: 8 with its framing, 9 with the echo's answer.
generation_request hello(std::string session = {}, std::chrono::milliseconds deadline = {}) {
  return asking("hello", std::move(session), deadline);
}

/// What the session's run has used, as a further request of it is told.
std::uint64_t used_by(llm_rails& rails, const std::string& session) {
  return rails.generate(hello(session)).token_budget_input_check.value().run_used_tokens;
}

/// Run accounts that take a claim, say that they did, and never answer.
struct silent_accounts {
  using handle = run_accounts_actor;
  static constexpr const char* name = "test.silent-accounts";

  silent_accounts(handle::pointer, std::shared_ptr<std::promise<void>> heard)
    : heard_{std::move(heard)} {}

  handle::behavior_type make_behavior() {
    return {[this](const run_claim&) { heard_->set_value(); }, [](const run_settlement&) {},
            [](const run_release&) {}};
  }

  std::shared_ptr<std::promise<void>> heard_;
};

struct system_settings : caf::actor_system_config {
  system_settings() {
    enlist_types(*this);
    set_scheduler(*this, 2, scheduler_policy::stealing);
  }
};

/// Hands a generation over to a waiting thread.
struct handed_over final : completion {
  void complete(generation result) noexcept override { target.set_value(std::move(result)); }
  std::promise<generation> target;
};

/// A front with one lane and run accounts of the test's choice.
struct small_house {
  system_settings settings;
  caf::actor_system system{settings};
  policy_ref policy = compile(echo_with("max_run_tokens: 100", ", latency: 300ms"));
  std::shared_ptr<admission> gate = std::make_shared<admission>(1, policy);
  commons shared{std::make_shared<roll_call>(), std::make_shared<transport_pool>(),
                 std::make_shared<judging_threads>()};
  std::optional<front_actor> entry;
  std::optional<policy_fetcher_actor> fetcher;

  void open(const run_accounts_actor& accounts) {
    const lane_builder build = [this](front_actor front, std::uint64_t index, std::uint64_t epoch) {
      return spawn<lane>(system, shared.present, std::move(front), index, epoch,
                         [this](lane_actor::pointer host) { return build_chain(host, shared); });
    };
    fetcher = spawn<policy_fetcher>(system, shared.present, shared.judging);
    const front_commons for_front{shared.judging, accounts, std::make_shared<guest_list>(), *fetcher};
    entry = spawn<front>(system, shared.present, gate, 1u, build, for_front);
  }

  bool close() {
    post_exit(*entry, caf::exit_reason::user_shutdown);
    entry.reset();
    post_exit(*fetcher, caf::exit_reason::user_shutdown);
    fetcher.reset();
    return shared.present->wait_until_empty(5s);
  }

  template <class Answer, class Message>
  Answer request(Message message) {
    caf::scoped_actor self{system};
    std::optional<Answer> result;
    mail(&*self, std::move(message))
      .request(*entry, 10s)
      .receive([&](Answer& a) { result = std::move(a); }, [](caf::error&) {});
    return std::move(result).value();
  }

  generation ask(std::string session) { return request<generation>(hello(std::move(session))); }

  std::uint64_t in_flight() { return request<front_status>(status_query{}).in_flight; }

  std::future<generation> submit(std::string session) {
    auto handing = std::make_unique<handed_over>();
    auto result = handing->target.get_future();
    auto place = admission_place::take(gate);
    post(*entry,
         submission{std::make_shared<pending_call>(gate->next_ticket(), hello(std::move(session)),
                                                   std::move(handing), std::move(place).value(), gate)});
    return result;
  }
};

} // namespace

TEST("a request over its limit is blocked before anything looks at it") {
  llm_rails rails{echo_with("max_request_tokens: 100, reserved_output_tokens: 90")};
  const auto fits = rails.generate(hello());
  CHECK(!fits.blocked);
  REQUIRE(fits.token_budget_input_check.has_value());
  CHECK(fits.token_budget_input_check->passed);
  CHECK_EQ(fits.token_budget_input_check->context_tokens, 8u);
  CHECK_EQ(fits.token_budget_input_check->output_tokens, 90u);
  REQUIRE(fits.token_budget_output_check.has_value());
  CHECK(fits.token_budget_output_check->passed);
  CHECK_EQ(fits.token_budget_output_check->output_tokens, 1u);
  auto longer = hello("session");
  longer.messages.insert(longer.messages.begin(), {"system", "Be kind to everybody."});
  const auto over = rails.generate(std::move(longer));
  CHECK(over.blocked);
  CHECK(over.block_reason == block_reason::token_budget_input);
  CHECK_EQ(over.final_response, "Token budget exceeded. Please rephrase your input.");
  CHECK_EQ(over.user_input, "hello");
  CHECK_EQ(over.messages.size(), 2u);
  CHECK(!over.token_budget_input_check.value().passed);
  CHECK(!over.input_check.has_value());
  CHECK(!over.llm_response.has_value());
  CHECK(!over.token_budget_output_check.has_value());
}

TEST("without a session each generation is a run of its own") {
  llm_rails rails{echo_with("max_run_tokens: 9")};
  for (int i = 0; i < 5; ++i)
    CHECK(!rails.generate(hello()).blocked);
  llm_rails strict{echo_with("max_run_tokens: 8")};
  const auto over = strict.generate(hello());
  CHECK(over.block_reason == block_reason::token_budget_output);
  CHECK_EQ(over.final_response, "Token budget exceeded. LLM response has been blocked.");
  CHECK_EQ(over.llm_response.value(), "hello");
  CHECK(over.token_budget_input_check.value().passed);
  CHECK(!over.token_budget_output_check.value().passed);
  CHECK(llm_rails{echo_with("max_run_tokens: 7")}.generate(hello()).block_reason ==
        block_reason::token_budget_input);
}

TEST("the generations of a session share a run, those of another have their own") {
  llm_rails rails{echo_with("max_run_tokens: 26")};
  CHECK(!rails.generate(hello("a")).blocked);
  CHECK(!rails.generate(hello("a")).blocked);
  const auto third = rails.generate(hello("a")); // 18 used and 8 fit, 18 and 9 do not
  CHECK(third.block_reason == block_reason::token_budget_output);
  CHECK_EQ(third.token_budget_output_check.value().run_used_tokens, 18u);
  const auto fourth = rails.generate(hello("a")); // what was blocked has been spent all the same
  CHECK(fourth.block_reason == block_reason::token_budget_input);
  CHECK_EQ(fourth.token_budget_input_check.value().run_used_tokens, 27u);
  CHECK(!rails.generate(hello("b")).blocked);
}

TEST("many generations of one session at once never exceed its run, and use it up") {
  constexpr std::uint64_t limit = 9 * 150 + 4;
  for (const auto* reserved : {"0", "1", "20"}) {
    llm_rails rails{
      echo_with("max_run_tokens: " + std::to_string(limit) + ", reserved_output_tokens: " + reserved,
                ", latency: 5ms"),
      {2, 4, scheduler_policy::stealing}};
    std::uint64_t answered = 0, spent = 0;
    for (int round = 0; round < 40; ++round) {
      std::vector<async<generation>> tasks;
      for (int i = 0; i < 200; ++i)
        tasks.push_back(rails.generate_async(hello("shared")));
      for (const auto& result : gather(std::move(tasks)).get()) {
        const auto judged = result.token_budget_output_check.has_value();
        spent += judged ? result.usage.total_tokens : 0;
        answered += result.blocked ? 0 : result.usage.total_tokens;
        CHECK(!result.blocked || result.block_reason == block_reason::token_budget_input ||
              result.block_reason == block_reason::token_budget_output);
      }
      CHECK(answered <= limit);
      if (answered + 30 > limit)
        break;
    }
    CHECK(answered + 30 > limit);
    const auto books = used_by(rails, "shared");
    CHECK_EQ(books, spent);
    CHECK(reserved[0] == '0' || books <= limit); // what is reserved covers each answer
  }
}

TEST("what was set aside is given back when a generation is cancelled, late or blocked") {
  llm_rails rails{
    echo_with("max_run_tokens: 20, reserved_output_tokens: 5", ", latency: 60s, timeout: 120s")};
  auto first = rails.generate_async(hello("a"));
  CHECK(!first.wait_for(50ms));
  CHECK(rails.generate(hello("a")).block_reason == block_reason::token_budget_input);
  first.cancel();
  CHECK(first.get().block_reason == block_reason::cancelled);
  const auto late = rails.generate(hello("a", 100ms));
  CHECK(late.block_reason == block_reason::timeout);
  CHECK(late.token_budget_input_check.value().passed);
  CHECK_EQ(rails.generate(hello("a", 100ms)).token_budget_input_check.value().run_used_tokens, 0u);
  llm_rails listing{rails_config::from_content(
    "llm: {engine: echo}\nguardrails: {block_list: {words: [moon]}, token_budget: {enabled: true, "
    "max_run_tokens: 20, reserved_output_tokens: 5}}\n")};
  for (int i = 0; i < 5; ++i)
    CHECK(listing.generate(asking("moon", "a")).block_reason == block_reason::input);
  CHECK_EQ(used_by(listing, "a"), 0u);
}

TEST("an answer that another check blocks has been spent all the same") {
  llm_rails rails{rails_config::from_content("llm: {engine: echo}\nguardrails: {input_checks: false, "
                                             "block_list: {words: [hello]}, token_budget: {enabled: "
                                             "true, max_run_tokens: 26}}\n")};
  for (int i = 0; i < 2; ++i)
    CHECK(rails.generate(hello("a")).block_reason == block_reason::output);
  const auto third = rails.generate(hello("a"));
  CHECK(third.block_reason == block_reason::output); // the earlier check names the reason
  CHECK(!third.token_budget_output_check.value().passed);
  CHECK(!third.token_budget_input_check.has_value());
}

TEST("a budget may only report") {
  llm_rails rails{echo_with("max_request_tokens: 5, max_run_tokens: 5, block_on_exceeded: false")};
  for (const std::uint64_t used : {0u, 9u, 18u}) {
    const auto result = rails.generate(hello("a"));
    CHECK(!result.blocked);
    CHECK_EQ(result.final_response, "hello");
    CHECK(!result.token_budget_input_check.value().passed);
    CHECK(!result.token_budget_output_check.value().passed);
    CHECK_EQ(result.token_budget_output_check.value().run_used_tokens, used);
  }
}

TEST("long conversations are counted too, and may be cancelled meanwhile") {
  llm_rails rails{echo_with("max_request_tokens: 100000")};
  std::string text;
  while (text.size() < 2'000'000)
    text += "word ";
  const auto over = rails.generate(asking(text));
  CHECK(over.block_reason == block_reason::token_budget_input);
  CHECK(over.token_budget_input_check.value().context_tokens > 300'000);
  const auto fits = rails.generate(asking(text.substr(0, 300'000)));
  CHECK(!fits.blocked);
  CHECK(fits.token_budget_input_check.value().context_tokens > 50'000);
  const auto late = rails.generate(asking(text, "a", 1ms));
  CHECK(late.block_reason == block_reason::timeout);
}

TEST("counting a long conversation ends when nobody wants the answer any more") {
  const std::string text(16'000'000, '7');
  // One conversation that is wanted comes last: long ones are counted in turn.
  const auto cpu_of = [&](bool cancelled) {
    llm_rails rails{echo_with("max_request_tokens: 1000000")};
    const auto begin = std::clock();
    for (int i = 0; i < 4; ++i) {
      auto task = rails.generate_async(asking(text));
      if (cancelled)
        task.cancel();
      const auto reason = task.get().block_reason;
      CHECK(reason == block_reason::token_budget_input || (cancelled && reason == block_reason::cancelled));
    }
    CHECK(rails.generate(asking(text)).block_reason == block_reason::token_budget_input);
    return static_cast<double>(std::clock() - begin);
  };
  // A busy machine may have counted most of a text before it hears of the cancellation: it gets more chances.
  bool spared = false;
  for (int attempt = 0; attempt < 5 && !spared; ++attempt)
    spared = 2 * cpu_of(true) < cpu_of(false);
  CHECK(spared);
}

TEST("as many sessions as configured are remembered, and a name has its limit") {
  llm_rails rails{echo_with("max_run_tokens: 100, max_runs: 2, run_idle_timeout: 300ms")};
  CHECK(!rails.generate(hello("a")).blocked);
  CHECK(!rails.generate(hello("b")).blocked);
  const auto third = rails.generate(hello("c"));
  CHECK(third.block_reason == block_reason::overloaded);
  CHECK_EQ(third.error.value().kind, "too_many_runs");
  CHECK(!rails.generate(hello("a")).blocked);
  std::this_thread::sleep_for(350ms);
  CHECK(!rails.generate(hello("c")).blocked);
  CHECK_EQ(used_by(rails, "a"), 0u);
  CHECK(!rails.generate(hello(std::string(256, 's'))).error.has_value() ||
        rails.generate(hello(std::string(256, 's'))).error->kind == "too_many_runs");
  CHECK_EQ(rails.generate(hello(std::string(257, 's'))).error.value().kind, "invalid_request");
}

TEST("a vocabulary counts in place of the estimate, and one that cannot be used is refused") {
  const test::scratch_folder scratch;
  const auto path =
    scratch.file("a.bpe", test::trained_vocabulary::from("", pretokenizer::cl100k, 0).as_tiktoken());
  llm_rails rails{echo_with("max_request_tokens: 1000, vocabulary: " + path)};
  const auto counted = rails.generate(hello());
  CHECK_EQ(counted.token_budget_input_check.value().context_tokens, 3u + 4 + 5); // a token each byte
  CHECK_EQ(counted.usage.completion_tokens, 5u);
  scratch.file("a.bpe", "AAAA\n");
  bool refused = false;
  try {
    rails.update(echo_with("max_request_tokens: 1000, vocabulary: " + path));
  } catch (const config_error& error) {
    refused = error.where().source == path && error.where().line == 1;
  }
  CHECK(refused);
  std::filesystem::remove(path);
  try {
    rails.update(echo_with("max_request_tokens: 1000, vocabulary: " + path));
    refused = false;
  } catch (const config_error& error) {
    refused = error.key_path() == "guardrails.token_budget.vocabulary";
  }
  CHECK(refused);
  CHECK(!rails.generate(hello()).blocked); // under the earlier configuration
}

WITH_FIXTURE(small_house) {

  TEST("when the run accounts die, sessions are refused at once and other requests are answered") {
    const auto accounts = spawn<run_accounts>(system, shared.present);
    open(accounts);
    CHECK(!ask("a").blocked);
    auto under_way = submit("a");
    std::this_thread::sleep_for(50ms);
    post_exit(accounts, caf::exit_reason::kill);
    CHECK(under_way.get().block_reason == block_reason::check_error);
    const auto refused = ask("a");
    CHECK(refused.block_reason == block_reason::check_error);
    CHECK_EQ(refused.error.value().kind, "stage_lost");
    CHECK(!ask("").blocked);
    CHECK(close());
  }

  TEST("when the run accounts die with a claim, its generation ends and leaves nothing behind") {
    const auto heard = std::make_shared<std::promise<void>>();
    const auto accounts = spawn<silent_accounts>(system, heard);
    open(accounts);
    auto claiming = submit("a");
    heard->get_future().get();
    CHECK_EQ(gate->in_flight(), 1u);
    post_exit(accounts, caf::exit_reason::kill);
    const auto ended = claiming.get();
    CHECK(ended.block_reason == block_reason::check_error);
    CHECK_EQ(ended.error.value().kind, "stage_lost");
    CHECK(!ended.llm_response.has_value());
    CHECK_EQ(in_flight(), 0u);
    CHECK_EQ(gate->in_flight(), 0u);
    CHECK(!ask("").blocked);
    CHECK(close());
  }

  TEST("when the run accounts die among many claims and settlements, every generation ends") {
    const auto accounts = spawn<run_accounts>(system, shared.present);
    open(accounts);
    std::vector<std::future<generation>> all;
    for (int i = 0; i < 60; ++i) {
      if (i == 30)
        post_exit(accounts, caf::exit_reason::kill);
      all.push_back(submit("a"));
    }
    for (auto& one : all) {
      const auto ended = one.get();
      CHECK(ended.block_reason == block_reason::check_error ||
            ended.block_reason == block_reason::token_budget_input || !ended.blocked);
    }
    CHECK_EQ(in_flight(), 0u);
    CHECK_EQ(gate->in_flight(), 0u);
    CHECK(close());
  }
}

TEST("the enforcer alone grants only what fits together, to any number of threads") {
  token_budget_config config;
  config.max_request_tokens = 50;
  config.max_run_tokens = 1'000;
  config.reserved_output_tokens = 5;
  token_budget_enforcer enforcer{config};
  CHECK(!enforcer.check_input(46).granted());
  std::atomic<std::uint64_t> spent{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        auto claim = enforcer.check_input(10, "run");
        if (!claim.granted() || i % 3 == 0)
          continue; // released
        token_usage used;
        used.prompt_tokens = 10;
        used.completion_tokens = 4;
        if (claim.check_output(used).passed)
          spent += 14;
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(spent <= 1'000u);
  CHECK(spent > 1'000u - 15 - 8 * 15);
  const auto last = enforcer.check_input(0, "run");
  CHECK_EQ(last.input().run_used_tokens, spent.load());
}

TEST("a claim is settled once, by the provider's count or ours, and may outlive its enforcer") {
  token_budget_config config;
  config.max_run_tokens = 30;
  auto enforcer = std::make_optional<token_budget_enforcer>(config);
  const std::vector<chat_message> messages{{"user", "hello"}};
  auto claim = enforcer->check_input(messages, "a");
  REQUIRE(claim.granted());
  CHECK_EQ(claim.input().context_tokens, 8u);
  const auto report = claim.check_output("hello");
  CHECK(report.passed && report.context_tokens == 8 && report.output_tokens == 1);
  bool thrown = false;
  try {
    claim.check_output("hello");
  } catch (const std::logic_error&) {
    thrown = true;
  }
  CHECK(thrown);
  {
    auto moved = enforcer->check_input(20, "a");
    CHECK(moved.granted());
    auto elsewhere = std::move(moved);
    CHECK(!enforcer->check_input(10, "a").granted());
  }
  CHECK(enforcer->check_input(20, "a").granted());
  auto last = enforcer->check_input(20, "a");
  enforcer.reset();
  CHECK(!last.check_output(token_usage{20, 2, 40, false}).passed); // the total counts
}

TEST("an answer that nobody counted uses up what was set aside for it") {
  token_budget_config config;
  config.max_run_tokens = 30;
  config.reserved_output_tokens = 2;
  token_budget_enforcer enforcer{config};
  auto claim = enforcer.check_input(7, "a");
  const auto report = claim.check_output(token_usage{});
  CHECK(report.context_tokens == 7 && report.output_tokens == 2);
  CHECK_EQ(enforcer.check_input(0, "a").input().run_used_tokens, 9u);
}
