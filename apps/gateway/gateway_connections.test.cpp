// The gateway's connections: requests sent ahead, exchanges of the configuration, the end.
#define CAF_SUITE gateway_connections
#include "tests/caf_test.hpp"

#include "tests/gateway_process.hpp"

#include <boost/json.hpp>

#include <atomic>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;
namespace json = boost::json;

std::string numbered(int i) {
  return std::string{"r-"}.append(std::to_string(i));
}

} // namespace

TEST("requests may be sent ahead, answers keep their order") {
  gateway_process gate;
  client one{gate.port()};
  std::string all;
  for (int i = 0; i < 20; ++i)
    all +=
      i % 3 == 0 ? get_request("/healthz") : chat_request("text", "x-request-id: " + numbered(i) + "\r\n");
  CHECK(one.write(all));
  for (int i = 0; i < 20; ++i) {
    const auto got = one.read();
    CHECK_EQ(got.status, 200);
    if (i % 3 != 0)
      CHECK_EQ(got.header("x-request-id"), numbered(i));
  }
  // In pieces of one byte, and chunked.
  const std::string piecemeal = "POST /chat HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "a\r\n{\"message\"\r\n4\r\n:\"x\"\r\n1\r\n}\r\n0\r\n\r\n";
  for (const char c : piecemeal)
    one.write({&c, 1});
  CHECK_EQ(one.read().status, 200);
  // Asking whether the body is welcome.
  one.write("POST /chat HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 15\r\n\r\n");
  CHECK_EQ(one.read().status, 100);
  CHECK_EQ(one.ask(R"({"message":"x"})").status, 200);
  const auto old = one.ask("GET /healthz HTTP/1.0\r\n\r\n");
  CHECK_EQ(old.status, 200);
  CHECK_EQ(old.header("Connection"), "close");
  CHECK(one.ended());
}

TEST("fifty exchanges of the configuration under load: none fails, none is mixed") {
  scratch_folder folder;
  const auto keys = folder.file("keys.yml", "keys:\n" + key_line("ops", "k", ", admin: true"));
  const auto rails = [](const std::string& name) {
    return "check_semantic: false, check_toxicity: false, check_sensitive_data: false, block_list: {words: "
           "[swordfish]}, messages: "
           "{block_list: " +
           name + "}";
  };
  gateway_process gate{{"--keys", keys}, {}, rails("alpha")};
  std::atomic<bool> ended{false};
  std::atomic<int> failed{0};
  std::atomic<int> answered{0};
  std::map<std::string, std::string> names; // of versions
  std::mutex mutex;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      client one{gate.port()};
      while (!ended) {
        const auto got = one.ask(chat_request("swordfish", bearer("k")));
        const auto content = got.status == 200 ? content_of(got) : "";
        const auto name = content.substr(0, 5);
        const std::lock_guard guard{mutex};
        ++answered;
        const auto known = names.emplace(got.header("x-guardrails-config-version"), name).first->second;
        failed += got.status != 200 || (name != "alpha" && name != "bravo") || known != name ? 1 : 0;
      }
    });
  for (int i = 0; i < 50; ++i) {
    const auto yaml = gate.yaml(rails(i % 2 == 0 ? "bravo" : "alpha"));
    CHECK_EQ(gate.ask(post_request("/admin/config", yaml, bearer("k"))).status, 200);
  }
  ended = true;
  for (auto& thread : clients)
    thread.join();
  CHECK_EQ(failed.load(), 0);
  CHECK(answered > 50);
  CHECK_EQ(names.size(), 2u);
}

TEST("SIGTERM under load cuts no answer") {
  gateway_process gate{{}, {"--latency", "20ms"}};
  std::atomic<int> cut{0};
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&] {
      for (bool more = true; more;) {
        client one{gate.port()};
        if (!one.connected())
          return;
        for (bool keep = true; keep;) {
          const auto got = one.ask(chat_request("Hello"));
          if (got.status == 200)
            ++answered;
          else
            ++cut;
          keep = got.status == 200 && got.header("Connection") != "close";
          more = more && got.status == 200;
        }
      }
    });
  CHECK(comes_true([&] { return answered > 200; }));
  gate.process().signal(SIGTERM);
  CHECK_EQ(gate.process().wait(), 0);
  for (auto& thread : clients)
    thread.join();
  CHECK_EQ(cut.load(), 0);
}

TEST("what never ends is cut off after the drain time") {
  gateway_process gate{{"--drain-timeout", "300ms"}, {"--hang", "100%"}};
  client one{gate.port()};
  one.write(chat_request("Hello"));
  CHECK(comes_true([&] { return gate.mock().stats().requests == 1; }));
  gate.process().signal(SIGTERM);
  CHECK_EQ(gate.process().wait(), 0);
  CHECK_EQ(one.read().status, 0);
}

TEST("a start that cannot work says why") {
  scratch_folder folder;
  const auto config = folder.file("c.yml", "llm: {engine: echo}\n");
  const auto exit_code = [&](const std::string& command) {
    child_process shell{"/bin/sh", {"-c", command + " 2>&1"}};
    const auto code = shell.wait(30s);
    return std::pair{code, shell.output()};
  };
  const std::string program =
    GUARDRAILS_BINARY_DIR "/apps/guardrails serve --listen 127.0.0.1:0 --config " + config;
  const auto [few, message] = exit_code("ulimit -n 256; exec " + program);
  CHECK_EQ(few, 2);
  CHECK(message.find("ulimit -n") != std::string::npos);
  CHECK_EQ(exit_code(program + " --keys " + config).first, 2);
  CHECK_EQ(exit_code(program + " --header-timeout soon").first, 2);
  CHECK_EQ(exit_code(program + "x").first, 2);
}
