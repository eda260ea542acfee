// `guardrails load` against the library itself: in its own process, and at nodes.
#define CAF_SUITE load.targets
#include "tests/caf_test.hpp"

#include "tests/load_run.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/node_process.hpp"
#include "tests/node_support.hpp"
#include "tests/scratch_folder.hpp"

#include <csignal>
#include <string>

namespace {

using namespace guardrails::test;

std::int64_t sum_of(const boost::json::value& counts) {
  std::int64_t sum = 0;
  for (const auto& [name, number] : counts.as_object())
    sum += number.to_number<std::int64_t>();
  return sum;
}

/// Every request has one outcome, and what was answered was good or failed by a typed error.
bool adds_up(const finished_load& run) {
  return run.adds_up() && run.at({"requests", "failed"}) == sum_of(run.report.at("errors")) &&
         run.at({"good"}) + sum_of(run.report.at("generation_errors")) == run.at({"requests", "answered"});
}

constexpr auto* echo = "llm: {engine: echo}\nguardrails: {check_toxicity: false, check_semantic: false}\n";

std::string asking(const mock_llm_process& mock) {
  return "llm: {engine: openai_compatible, model: mock, base_url: '" + mock.base_url() +
         "', timeout: 20s, retries: {max: 0}}\n"
         "guardrails: {check_toxicity: false, check_semantic: false}\n"
         "cluster: {heartbeat: 300ms}\n";
}

constexpr auto* two_kinds = R"({"text": "What is machine learning?", "weight": 3, "kind": "benign"}
{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "My card is 4111 1111 1111 1111"}], "kind": "pii"}
)";

} // namespace

TEST("the library in this process answers every request, without HTTP") {
  const scratch_folder folder;
  const auto config = folder.file("c.yml", echo);
  const auto run =
    load("embedded", {"--config", config, "--rate", "400", "--duration", "500ms", "--threads", "2"});
  CHECK_EQ(run.code, 0);
  CHECK(adds_up(run));
  CHECK_EQ(run.at({"requests", "intended"}), 200);
  CHECK_EQ(run.at({"good"}), 200);
  CHECK_EQ(run.at({"latency_ms", "count"}), 200);
  CHECK(run.report.at("statuses").as_object().empty());
  for (const auto* stage : {"queue", "input_checks", "llm", "output_checks"})
    CHECK_EQ(run.at({"stages_ms", stage, "count"}), 200);
  CHECK_EQ(run.report.at("target").as_string(), "embedded");

  const auto streams =
    load("embedded", {"--config", config, "--rate", "100", "--duration", "500ms", "--stream"});
  CHECK(adds_up(streams));
  CHECK_EQ(streams.at({"good"}), 50);
  CHECK_EQ(streams.at({"first_content_ms", "count"}), 50);
}

TEST("a mix of prompts is counted by kind, and what a check blocks apart") {
  const scratch_folder folder;
  const auto config = folder.file("c.yml", echo);
  const auto prompts = folder.file("mix.jsonl", two_kinds);
  const auto run =
    load("embedded", {"--config", config, "--prompts", prompts, "--rate", "800", "--duration", "500ms"});
  CHECK(adds_up(run));
  const auto benign = run.at({"kinds", "benign", "requests", "intended"});
  const auto pii = run.at({"kinds", "pii", "requests", "intended"});
  CHECK_EQ(benign + pii, 400);
  CHECK(pii > 70 && pii < 130);
  CHECK_EQ(run.at({"kinds", "pii", "blocked", "input"}), pii);
  CHECK_EQ(run.at({"blocked", "input"}), pii);
  CHECK_EQ(run.at({"kinds", "benign", "good"}), benign);
  CHECK_EQ(sum_of(run.report.at("kinds").at("benign").at("blocked")), 0);

  mock_llm_process mock;
  const auto over_http = load("http://127.0.0.1:" + std::to_string(mock.port()),
                              {"--prompts", prompts, "--rate", "200", "--duration", "500ms"});
  CHECK_EQ(over_http.at({"kinds", "pii", "statuses", "200"}) +
             over_http.at({"kinds", "benign", "statuses", "200"}),
           100);
  CHECK(over_http.at({"kinds", "pii", "statuses", "200"}) > 0);
}

TEST("requests that take too long are cancelled, and a model that fails is a typed error") {
  const scratch_folder folder;
  mock_llm_process slow{{"--latency", "30s"}};
  const auto late = load("embedded", {"--config", folder.file("slow.yml", asking(slow)), "--rate", "50",
                                      "--duration", "200ms", "--timeout", "300ms", "--connections", "4"});
  CHECK_EQ(late.code, 0);
  CHECK(adds_up(late));
  CHECK_EQ(late.at({"errors", "timeout"}) + late.at({"errors", "no_connection"}), 10);
  CHECK(late.at({"errors", "timeout"}) > 0);
  CHECK(slow.stats().requests <= 10);

  mock_llm_process failing{{"--errors", "100%"}};
  const auto failed = load("embedded", {"--config", folder.file("failing.yml", asking(failing)), "--rate",
                                        "50", "--duration", "200ms"});
  CHECK(adds_up(failed));
  CHECK_EQ(failed.at({"good"}), 0);
  CHECK_EQ(sum_of(failed.report.at("generation_errors")), 10);
}

TEST("a node that is killed in mid-run costs no request its outcome") {
  const scratch_folder folder;
  mock_llm_process mock{{"--latency", "20ms"}};
  node_process one;
  node_process two;
  child_process child{load_program,
                      {"load", "node://" + one.address() + "," + two.address(), "--config",
                       folder.file("c.yml", asking(mock)), "--rate", "200", "--duration", "3s", "--json"}};
  CHECK(in_time([&] { return mock.stats().requests >= 60; }));
  one.process().signal(SIGKILL);
  const auto run = finish(child);
  CHECK_EQ(run.code, 0);
  CHECK(adds_up(run));
  CHECK_EQ(run.at({"requests", "intended"}), 600);
  CHECK(run.at({"good"}) > 60);
  CHECK(mock.stats().requests <= 600);
}

TEST("nodes that ask for a token are told it") {
  const scratch_folder folder;
  const auto config = folder.file("c.yml", echo);
  const auto token = folder.file("token", "one that nobody guesses, of 32 bytes");
  node_process node{0, {"--token-file", token}};
  const auto target = "node://" + node.address();
  const auto told =
    load(target, {"--config", config, "--rate", "100", "--duration", "200ms", "--token-file", token});
  CHECK_EQ(told.code, 0);
  CHECK_EQ(told.at({"good"}), 20);
  child_process untold{load_program,
                       {"load", target, "--config", config, "--rate", "100", "--timeout", "500ms"}};
  CHECK_EQ(untold.wait(std::chrono::seconds{30}), 3);
}

TEST("a library target needs its configuration, a node that answers, and this machine") {
  const scratch_folder folder;
  const auto config = folder.file("c.yml", echo);
  const auto code = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "load");
    return child_process{load_program, std::move(arguments)}.wait(std::chrono::seconds{30});
  };
  CHECK_EQ(code({"embedded", "--rate", "1"}), 2);
  CHECK_EQ(code({"embedded", "--rate", "1", "--config", folder.file("bad.yml", "llm: 1\n")}), 2);
  CHECK_EQ(code({"embedded", "--rate", "1", "--config", config, "--header", "A: b"}), 2);
  CHECK_EQ(code({"embedded", "--rate", "1", "--config", config, "--prompts", folder.file("p", "{}\n")}), 2);
  CHECK_EQ(code({"node://203.0.113.1:4711", "--rate", "1", "--config", config}), 2);
  CHECK_EQ(code({"node://127.0.0.1", "--rate", "1", "--config", config}), 2);
  CHECK_EQ(code({"node://127.0.0.1:9", "--rate", "1", "--config", config, "--timeout", "200ms"}), 3);
}
