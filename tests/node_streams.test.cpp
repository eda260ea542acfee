// Streams whose node dies: begun anew before anything was shown, ended by a clear error afterwards.
#define CAF_SUITE node_streams
#include "tests/caf_test.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/node_process.hpp"
#include "tests/node_support.hpp"

#include <guardrails/guardrails.hpp>

#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace guardrails;
using namespace guardrails::test;

namespace {

constexpr int count = 24;

/// The model repeats it, word by word.
std::string question(int number) {
  std::string text = "story " + std::to_string(number) + ":";
  for (int word = 0; word < 60; ++word)
    text += " word" + std::to_string(number) + "x" + std::to_string(word);
  return text;
}

/// What one reader saw.
struct reading {
  std::string text;
  generation account;
};

struct streams {
  streams(std::vector<std::string> model_options, const std::string& cluster)
    : model{std::move(model_options)}
    , rails{rails_config::from_content(
              "llm: {engine: openai_compatible, model: m, base_url: '" + model.base_url() +
              "', retries: {max: 0}, pool: {max_connections: 64}}\n"
              "guardrails: {check_toxicity: false, check_semantic: false, check_sensitive_data: false}\n"
              "cluster: {local: false, heartbeat: 300ms, " +
              cluster + ", nodes: ['" + one.address() + "', '" + two.address() + "']}\n"),
            small_runtime()} {}

  void begin() {
    readings.resize(count);
    for (int i = 0; i < count; ++i)
      readers.emplace_back([this, i] {
        auto stream = rails.generate_stream({{"user", question(i)}});
        auto& seen = readings[static_cast<std::size_t>(i)];
        while (const auto piece = stream.next()) {
          if (seen.text.empty())
            ++shown;
          seen.text += *piece;
        }
        seen.account = stream.result();
      });
  }

  void end() {
    for (auto& reader : readers)
      reader.join();
  }

  /// That are whole and right.
  int right() const {
    int sum = 0;
    for (int i = 0; i < count; ++i) {
      const auto& seen = readings[static_cast<std::size_t>(i)];
      if (!seen.account.blocked && seen.text == question(i) && seen.account.final_response == question(i))
        ++sum;
    }
    return sum;
  }

  /// That ended because of their node, and showed nothing but their own beginning.
  int broken() const {
    int sum = 0;
    for (int i = 0; i < count; ++i) {
      const auto& seen = readings[static_cast<std::size_t>(i)];
      if (seen.account.blocked && seen.account.error && seen.account.error->kind == "node_lost" &&
          question(i).starts_with(seen.text))
        ++sum;
    }
    return sum;
  }

  bool are_at_both() const {
    const auto nodes = rails.nodes();
    return nodes.size() == 2 && nodes[0].in_flight > 0 && nodes[1].in_flight > 0;
  }

  mock_llm_process model;
  node_process one;
  node_process two;
  llm_rails rails;
  std::vector<reading> readings;
  std::vector<std::thread> readers;
  std::atomic<int> shown{0};
};

} // namespace

TEST("a stream whose node dies before anything was shown is begun anew where calls may be repeated") {
  streams world{{"--latency", "1s", "--record"}, "repeat_started: true"};
  REQUIRE(in_time([&] { return has_nodes(world.rails, node_state::open, 2); }));
  world.begin();
  const bool asked = in_time([&] { return world.model.stats().requests == count && world.are_at_both(); });
  world.one.process().signal(SIGKILL);
  world.end();
  CHECK(asked);
  CHECK_EQ(world.right(), count);
  CHECK(world.model.stats().repeated > 0);
}

TEST("a stream whose node dies before anything was shown ends where calls are not to be repeated") {
  streams world{{"--latency", "1s", "--record"}, "repeat_started: false"};
  REQUIRE(in_time([&] { return has_nodes(world.rails, node_state::open, 2); }));
  world.begin();
  const bool asked = in_time([&] { return world.model.stats().requests == count && world.are_at_both(); });
  world.one.process().signal(SIGKILL);
  world.end();
  CHECK(asked);
  CHECK(world.broken() > 0);
  CHECK_EQ(world.right() + world.broken(), count);
  CHECK_EQ(world.model.stats().repeated, 0);
}

TEST("a stream of which something was shown ends with its node, and shows nothing twice") {
  for (const int signal : {SIGKILL, SIGSTOP}) {
    streams world{{"--tokens-per-second", "20", "--record"}, "repeat_started: true"};
    REQUIRE(in_time([&] { return has_nodes(world.rails, node_state::open, 2); }));
    world.begin();
    const bool all_shown = in_time([&] { return world.shown == count && world.are_at_both(); });
    world.one.process().signal(signal);
    world.end();
    world.one.process().signal(SIGKILL);
    CHECK(all_shown);
    CHECK(world.right() > 0);
    CHECK(world.broken() > 0);
    CHECK_EQ(world.right() + world.broken(), count);
    CHECK_EQ(world.model.stats().repeated, 0);
  }
}
