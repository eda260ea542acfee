// Nodes as processes, as they are run: killed, stopped and drained under load, with a model that remembers
// every call.
#define CAF_SUITE nodes
#include "tests/caf_test.hpp"
#include "tests/child_process.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/node_process.hpp"
#include "tests/node_support.hpp"
#include "tests/raw_server.hpp"
#include "tests/scratch_folder.hpp"

#include <guardrails/guardrails.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;

namespace {

/// A model that answers `answer N` to `question N`, after a while, and counts how often it was asked each.
class remembering_model {
public:
  std::string base_url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/v1"; }

  /// While it holds, it answers nothing.
  void hold(bool on) { holds_ = on; }

  int calls() const {
    const std::lock_guard guard{mutex_};
    int sum = 0;
    for (const auto& [question, count] : asked_)
      sum += count;
    return sum;
  }

  int repeated() const {
    const std::lock_guard guard{mutex_};
    return static_cast<int>(
      std::ranges::count_if(asked_, [](const auto& entry) { return entry.second > 1; }));
  }

private:
  void serve(raw_connection& peer) {
    for (;;) {
      const auto request = peer.read_request();
      const auto at = request.rfind("question ");
      if (at == std::string::npos)
        return;
      const auto number = std::stoi(request.substr(at + 9, 9));
      {
        const std::lock_guard guard{mutex_};
        ++asked_[number];
      }
      do
        std::this_thread::sleep_for(20ms);
      while (holds_);
      const auto body =
        R"({"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"answer )" +
        std::to_string(number) + R"("},"finish_reason":"stop"}]})";
      if (!peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\n\r\n" + body))
        return;
    }
  }

  std::atomic<bool> holds_{false};
  mutable std::mutex mutex_;
  std::map<int, int> asked_;
  raw_server server_{[this](raw_connection& peer) { serve(peer); }};
};

/// A program that sends everything to two nodes.
struct two_nodes {
  explicit two_nodes(bool repeats = false)
    : rails{rails_config::from_content("llm: {engine: openai_compatible, model: m, base_url: '" +
                                       model.base_url() +
                                       "', timeout: 20s, retries: {max: 0}, pool: {max_connections: 16}}\n"
                                       "guardrails: {check_toxicity: false, check_semantic: false}\n"
                                       "cluster: {local: false, heartbeat: 300ms, repeat_started: " +
                                       (repeats ? "true" : "false") + ", nodes: ['" + one->address() +
                                       "', '" + two.address() + "']}\n"),
            small_runtime()} {}

  bool is_open(std::size_t count) {
    return in_time([&] { return has_nodes(rails, node_state::open, count); });
  }

  void ask(int count) {
    for (int i = 0; i < count; ++i) {
      const auto text = "question " + std::to_string(asked++);
      tasks.push_back(rails.generate_async({{"user", text}}, return_details));
    }
  }

  /// Everything was answered, rightly or by a typed error.
  std::map<std::string, int> results() {
    std::map<std::string, int> by_kind;
    const auto all = gather(std::move(tasks)).get();
    tasks.clear();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& result = all[i];
      if (!result.blocked)
        ++by_kind[result.final_response == "answer " + std::to_string(first + static_cast<int>(i)) ? "right"
                                                                                                   : "wrong"];
      else
        ++by_kind[result.error ? result.error->kind : "untyped"];
    }
    first = asked;
    return by_kind;
  }

  remembering_model model;
  std::unique_ptr<node_process> one = std::make_unique<node_process>();
  node_process two;
  llm_rails rails;
  std::vector<async<generation>> tasks;
  int asked = 0;
  int first = 0;
};

} // namespace

TEST("a node that is killed under load loses nothing, and no call is repeated that must not be") {
  two_nodes world;
  CHECK(world.is_open(2));
  world.model.hold(true);
  world.ask(400);
  CHECK(in_time([&] { return world.model.calls() == 64; })); // as many connections as both have
  world.one->process().signal(SIGKILL);
  world.ask(100);
  world.model.hold(false);
  auto results = world.results();
  CHECK_EQ(results["right"] + results["node_lost"], 500);
  CHECK_EQ(results["node_lost"], 32);
  CHECK_EQ(world.model.repeated(), 0);

  const auto port = world.one->port();
  world.one.reset();
  world.one = std::make_unique<node_process>(port);
  CHECK(world.is_open(2));
  world.ask(50);
  CHECK_EQ(world.results()["right"], 50);
}

TEST("where repeats are allowed, a node that is killed under load costs no generation") {
  two_nodes world{true};
  CHECK(world.is_open(2));
  world.ask(400);
  CHECK(in_time([&] { return world.model.calls() > 50; }));
  world.one->process().signal(SIGKILL);
  CHECK_EQ(world.results()["right"], 400);
}

TEST("a node that is stopped under load is lost at once, and used again when it goes on") {
  two_nodes world;
  CHECK(world.is_open(2));
  world.model.hold(true);
  world.ask(400);
  CHECK(in_time([&] { return world.model.calls() == 64; }));
  world.one->process().signal(SIGSTOP);
  CHECK(world.is_open(1));
  world.model.hold(false);
  auto results = world.results();
  CHECK_EQ(results["right"] + results["node_lost"], 400);
  CHECK_EQ(results["node_lost"], 32);
  world.one->process().signal(SIGCONT);
  CHECK(world.is_open(2));
  world.ask(100);
  CHECK_EQ(world.results()["right"], 100);
  CHECK_EQ(world.model.repeated(), 0);
}

TEST("a node that is told to end finishes what it has") {
  two_nodes world;
  CHECK(world.is_open(2));
  world.ask(200);
  CHECK(in_time([&] { return world.model.calls() > 20; }));
  world.one->process().signal(SIGTERM);
  world.ask(50);
  CHECK_EQ(world.results()["right"], 250);
  CHECK_EQ(world.one->process().wait(20s), 0);
  CHECK_EQ(world.model.repeated(), 0);
}

TEST("a gateway that was stopped itself does not take its nodes for lost") {
  remembering_model model;
  const scratch_folder folder;
  node_process node;
  const auto config =
    folder.file("c.yml", "llm: {engine: openai_compatible, model: m, base_url: '" + model.base_url() +
                           "', timeout: 20s}\n"
                           "guardrails: {check_toxicity: false, check_semantic: false}\n"
                           "cluster: {local: false, heartbeat: 100ms}\n");
  child_process gateway{GUARDRAILS_BINARY_DIR "/apps/guardrails",
                        {"serve", "--listen", "127.0.0.1:0", "--config", config, "--node", node.address()}};
  const auto port = static_cast<std::uint16_t>(
    std::stoi(gateway.wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s)[1]));
  model.hold(true);
  std::string answer;
  std::thread asking{[&] {
    answer = ask_loopback(port, "POST /v1/chat/completions",
                          R"({"model":"m","messages":[{"role":"user","content":"question 7"}]})");
  }};
  CHECK(in_time([&] { return model.calls() == 1; }));
  gateway.signal(SIGSTOP);
  std::this_thread::sleep_for(1s); // ten heartbeats
  gateway.signal(SIGCONT);
  std::this_thread::sleep_for(300ms); // it would give the node up at its next one
  model.hold(false);
  asking.join();
  CHECK(answer.find("answer 7") != std::string::npos);
  const auto metrics = ask_loopback(port, "GET /metrics");
  CHECK(metrics.find("guardrails_node_losses_total{node=\"" + node.address() + "\"} 0") != std::string::npos);
}

TEST("a node is not opened to others without TLS") {
  child_process open{GUARDRAILS_BINARY_DIR "/apps/guardrails", {"node", "--listen", "0.0.0.0:0"}};
  CHECK_EQ(open.wait(), 2);
}

TEST("what is no peer does a node no harm") {
  node_process node;
  std::vector<std::thread> strangers;
  for (int i = 0; i < 16; ++i)
    strangers.emplace_back([port = node.port(), i] {
      try {
        // A request of another protocol, and bytes that may mean anything.
        ask_loopback(port,
                     "GET /" + std::string(static_cast<std::size_t>(i) * 700, static_cast<char>(i * 16 + 1)));
      } catch (const std::exception&) {
        return; // it got no answer
      }
    });
  for (auto& stranger : strangers)
    stranger.join();
  llm_rails rails{rails_config::from_content("llm: {engine: echo}\ncluster: {local: false, heartbeat: 300ms, "
                                             "nodes: ['" +
                                             node.address() + "']}\n"),
                  small_runtime()};
  CHECK_EQ(rails.generate({{"user", "hello"}}), "hello");
}

TEST("guardrails nodes says how nodes are, and chat uses them") {
  const std::string program = GUARDRAILS_BINARY_DIR "/apps/guardrails";
  const scratch_folder folder;
  const auto config = folder.file("c.yml", "llm: {engine: echo}\ncluster: {local: false}\n");
  node_process node;
  {
    child_process chat{program, {"chat", "--config", config, "--message", "hello", "--node", node.address()}};
    CHECK_EQ(chat.wait(30s), 0);
    const auto said = chat.output();
    CHECK(said.find("answered: hello") != std::string::npos);
  }
  child_process good{program, {"nodes", node.address()}};
  CHECK_EQ(good.wait(30s), 0);
  const auto line = good.wait_for_line("127\\.0\\.0\\.1:\\d+ +open +[0-9.]+ +(\\d+) +(\\d+)");
  CHECK_EQ(line[1], "2");
  CHECK_EQ(line[2], "0");
  node.process().signal(SIGTERM);
  CHECK_EQ(node.process().wait(30s), 0);
  child_process bad{program, {"nodes", "--json", node.address()}};
  CHECK_EQ(bad.wait(30s), 3);
  const auto said = bad.output();
  CHECK(said.find("\"state\":\"unreachable\"") != std::string::npos);
}

TEST("a gateway sends its requests to nodes, and its metrics say so") {
  const scratch_folder folder;
  const auto config = folder.file("c.yml", "llm: {engine: echo}\ncluster: {local: false}\n");
  node_process node;
  child_process gateway{GUARDRAILS_BINARY_DIR "/apps/guardrails",
                        {"serve", "--listen", "127.0.0.1:0", "--config", config, "--node", node.address()}};
  const auto port = static_cast<std::uint16_t>(
    std::stoi(gateway.wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s)[1]));
  const auto answer =
    ask_loopback(port, "POST /v1/chat/completions",
                 R"({"model":"echo","messages":[{"role":"user","content":"hello there"}]})");
  CHECK(answer.find("hello there") != std::string::npos);
  const auto metrics = ask_loopback(port, "GET /metrics");
  CHECK(metrics.find("guardrails_node_answered_total{node=\"" + node.address() + "\"} 1") !=
        std::string::npos);
}
