// `guardrails load` against the mock upstream and against servers that misbehave.
#define CAF_SUITE load.program
#include "tests/caf_test.hpp"

#include "tests/load_run.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/raw_server.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

#include <cmath>
#include <csignal>
#include <fstream>
#include <thread>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;
using test::child_process;
using test::finish;
using test::load;
using test::mock_llm_process;
using test::raw_connection;
using test::raw_server;
namespace json = boost::json;

const auto* const program = test::load_program;

std::string url_of(const mock_llm_process& mock) {
  return "http://127.0.0.1:" + std::to_string(mock.port());
}

int exit_code(std::vector<std::string> arguments) {
  return child_process{program, std::move(arguments)}.wait(30s);
}

} // namespace

TEST("every request reaches the target once, and latency is that of the target") {
  mock_llm_process mock{{"--latency", "50ms"}};
  const auto run = load(url_of(mock), {"--rate", "200", "--duration", "1s"});
  CHECK_EQ(run.code, 0);
  CHECK(run.adds_up());
  CHECK_EQ(run.at({"requests", "intended"}), 200);
  CHECK_EQ(run.at({"requests", "answered"}), 200);
  CHECK_EQ(run.at({"statuses", "200"}), 200);
  CHECK_EQ(mock.stats().requests, 200);
  CHECK_EQ(mock.stats().accepted_connections, run.at({"connections", "made"}));
  CHECK(mock.stats().accepted_connections < 200);
  CHECK(run.ms("latency_ms", "min") >= 50);
  CHECK(run.ms("latency_ms", "p50") <= run.ms("latency_ms", "p99"));
  CHECK(run.at({"bytes", "received"}) > 200 * 100);
}

TEST("the time a request waits for a connection is part of its latency") {
  mock_llm_process mock{{"--latency", "50ms"}};
  const auto run = load(url_of(mock), {"--rate", "100", "--duration", "1s", "--connections", "1"});
  CHECK(run.adds_up());
  CHECK_EQ(run.at({"requests", "answered"}), 100);
  CHECK_EQ(mock.stats().peak_connections, 1);
  // A hundred answers of 50 ms, one after the other, to requests of one second.
  CHECK(run.ms("latency_ms", "max") >= 4000);
  CHECK(run.ms("latency_ms", "p50") >= 2000);
  CHECK(run.report.at("goodput").to_number<double>() <= 20);
}

TEST("statuses and refusals are counted apart") {
  mock_llm_process mock{{"--errors", "30%", "--retry-after", "1"}};
  const auto run = load(url_of(mock), {"--rate", "1000", "--duration", "500ms", "--threads", "2"});
  const auto failed = run.at({"statuses", "503"});
  CHECK(run.adds_up());
  CHECK(failed > 75 && failed < 225);
  CHECK_EQ(failed + run.at({"statuses", "200"}), 500);
  CHECK_EQ(run.at({"refusals", "503", "with_retry_after"}), failed);
  CHECK_EQ(run.at({"refusals", "503", "without_retry_after"}), 0);
  CHECK_EQ(run.at({"latency_2xx_ms", "count"}), run.at({"statuses", "200"}));
  CHECK_EQ(mock.stats().requests, 500);
  const auto limited = load(url_of(mock), {"--rate", "50", "--duration", "200ms", "--model", "mock-429"});
  CHECK_EQ(limited.at({"refusals", "429", "with_retry_after"}), 10);
}

TEST("streams give the time to their first content, and must end with [DONE]") {
  mock_llm_process mock{{"--latency", "20ms", "--tokens-per-second", "40"}};
  const auto run = load(url_of(mock), {"--rate", "20", "--duration", "500ms", "--stream", "--message",
                                       "one two three four five"});
  CHECK(run.adds_up());
  CHECK_EQ(run.at({"statuses", "200"}), 10);
  CHECK_EQ(run.at({"first_content_ms", "count"}), 10);
  CHECK(run.ms("first_content_ms", "min") >= 20);
  CHECK(run.ms("latency_ms", "min") >= run.ms("first_content_ms", "min") + 25);
  CHECK(run.at({"gaps_ms", "count"}) >= 10);
  CHECK(run.ms("gaps_ms", "max") >= 10);

  mock_llm_process cutting{{"--cut-connections", "100%"}};
  const auto cut = load(url_of(cutting), {"--rate", "20", "--duration", "500ms", "--stream"});
  CHECK(cut.adds_up());
  CHECK_EQ(cut.at({"requests", "answered"}), 0);
  CHECK_EQ(cut.at({"errors", "reset"}), 10);

  raw_server undone{[](raw_connection& connection) {
    while (!connection.read_request().empty())
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  }};
  const auto plain = load(undone.url(), {"--rate", "20", "--duration", "500ms", "--stream"});
  CHECK_EQ(plain.at({"errors", "no_done"}), 10);
}

TEST("a server that never answers costs its time and no request is lost") {
  raw_server silent{[](raw_connection& connection) {
    connection.read_request();
    connection.peer_leaves();
  }};
  const auto run =
    load(silent.url(), {"--rate", "100", "--duration", "1s", "--timeout", "300ms", "--connections", "1"});
  CHECK_EQ(run.code, 0);
  CHECK(run.adds_up());
  CHECK_EQ(run.at({"requests", "intended"}), 100);
  CHECK_EQ(run.at({"requests", "answered"}), 0);
  CHECK(run.at({"errors", "timeout"}) > 0);
  CHECK(run.at({"errors", "no_connection"}) > 0);
  CHECK_EQ(run.at({"errors", "timeout"}) + run.at({"errors", "no_connection"}), 100);
}

TEST("resets and malformed answers are told apart") {
  raw_server resetting{[](raw_connection& connection) {
    connection.read_request();
    connection.reset();
  }};
  const auto reset = load(resetting.url(), {"--rate", "50", "--duration", "200ms"});
  CHECK(reset.adds_up());
  CHECK_EQ(reset.at({"errors", "reset"}), 10);
  raw_server babbling{[](raw_connection& connection) {
    connection.read_request();
    connection.write("220 smtp.example ESMTP\r\n\r\n");
  }};
  const auto malformed = load(babbling.url(), {"--rate", "50", "--duration", "200ms"});
  CHECK_EQ(malformed.at({"errors", "malformed"}), 10);
}

TEST("connections that end after each answer are made anew without an error") {
  raw_server closing{[](raw_connection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nuntil the end");
  }};
  const auto run = load(closing.url(), {"--rate", "50", "--duration", "200ms", "--method", "GET"});
  CHECK(run.adds_up());
  CHECK_EQ(run.at({"statuses", "200"}), 10);
  CHECK_EQ(run.at({"connections", "made"}), 10);
}

TEST("where nobody listens the exit code is 3, and the report still adds up") {
  std::uint16_t port = 0;
  {
    const raw_server gone{[](raw_connection&) {}};
    port = gone.port();
  }
  const auto run = load("http://127.0.0.1:" + std::to_string(port), {"--rate", "50", "--duration", "200ms"});
  CHECK_EQ(run.code, 3);
  CHECK(run.adds_up());
  CHECK_EQ(run.at({"requests", "not_sent"}), 10);
  CHECK_EQ(run.at({"errors", "connect"}), 10);
}

TEST("SIGINT ends a run early, with a report") {
  mock_llm_process mock;
  child_process child{program, {"load", url_of(mock), "--rate", "100", "--duration", "60s", "--json"}};
  for (int i = 0; i < 1000 && mock.stats().requests < 5; ++i)
    std::this_thread::sleep_for(10ms);
  child.signal(SIGINT);
  const auto run = finish(child);
  CHECK_EQ(run.code, 0);
  CHECK(run.report.at("interrupted").as_bool());
  CHECK(run.adds_up());
  CHECK(run.at({"requests", "intended"}) >= 5 && run.at({"requests", "intended"}) < 6000);
  CHECK_EQ(mock.stats().requests, run.at({"requests", "sent"}));
}

TEST("a body of one's own is sent as it is, and several rates are several runs") {
  mock_llm_process mock;
  const test::scratch_folder folder;
  const auto body =
    folder.file("body.json", R"({"model":"mock-404","messages":[{"role":"user","content":"x"}]})");
  const auto run = load(url_of(mock), {"--rate", "50,100", "--duration", "200ms", "--body", body});
  REQUIRE(run.report.at("runs").as_array().size() == 2u);
  CHECK(run.report.at("runs").at(0).at("statuses").at("404").to_number<int>() == 10);
  CHECK(run.report.at("runs").at(1).at("statuses").at("404").to_number<int>() == 20);
  CHECK_EQ(mock.stats().requests, 30);
  const auto models =
    load(url_of(mock) + "/v1/models", {"--rate", "50", "--duration", "200ms", "--method", "GET"});
  CHECK_EQ(models.at({"statuses", "200"}), 10);
}

TEST("a closed loop asks again once it is answered, and no faster") {
  mock_llm_process mock{{"--latency", "50ms"}};
  const auto run = load(url_of(mock), {"--closed", "4", "--duration", "1s", "--threads", "2"});
  CHECK_EQ(run.code, 0);
  CHECK(run.adds_up());
  CHECK(run.at({"good"}) >= 8 && run.at({"good"}) <= 80);
  CHECK_EQ(mock.stats().peak_connections, 4);
  CHECK_EQ(mock.stats().requests, run.at({"requests", "sent"}));
  CHECK(run.ms("latency_ms", "min") >= 50);
}

TEST("a target that stalls is charged for it by all who wait, but not in a closed loop") {
  const auto run_with_stall = [](std::vector<std::string> options) {
    mock_llm_process mock{{"--latency", "10ms"}};
    options.insert(options.begin(), {"load", url_of(mock), "--duration", "2s", "--json"});
    child_process child{program, std::move(options)};
    for (int i = 0; i < 1000 && mock.stats().requests < 20; ++i)
      std::this_thread::sleep_for(10ms);
    mock.process().signal(SIGSTOP);
    std::this_thread::sleep_for(700ms);
    mock.process().signal(SIGCONT);
    return finish(child);
  };
  const auto open = run_with_stall({"--rate", "100"});
  const auto closed = run_with_stall({"--closed", "1"});
  CHECK(open.adds_up() && closed.adds_up());
  CHECK(open.ms("latency_ms", "p90") >= 300); // a third of the run's requests meant to start meanwhile
  CHECK(closed.ms("latency_ms", "max") >= 600);
  CHECK(closed.ms("latency_ms", "p90") < open.ms("latency_ms", "p90"));
}

TEST("a warm-up is sent but not counted, and the course tells the rest") {
  mock_llm_process mock;
  const auto run = load(url_of(mock), {"--schedule", "50@400ms,50..150@1s", "--warm-up", "200ms",
                                       "--watch-pid", std::to_string(mock.process().id())});
  CHECK(run.adds_up());
  CHECK_EQ(run.at({"requests", "intended"}), 120);
  CHECK_EQ(run.at({"warm_up", "intended"}), 10);
  CHECK_EQ(run.at({"warm_up", "answered"}), 10);
  CHECK_EQ(mock.stats().requests, 130);
  const auto& course = run.report.at("course").as_array();
  double good = 0;
  for (const auto& each : course)
    good += each.at("good").to_number<double>() * 0.2; // of an interval
  CHECK(std::abs(good - 120) < 0.01);
  CHECK(course.at(1).at("process").at("rss_mb").to_number<double>() > 0);
  const auto chance = load(url_of(mock), {"--rate", "500", "--duration", "1s", "--poisson"});
  CHECK(chance.adds_up());
  CHECK(chance.at({"good"}) > 350 && chance.at({"good"}) < 650);
}

TEST("a stop rule ends a run early, with exit code 1") {
  mock_llm_process mock{{"--errors", "50%"}};
  const test::scratch_folder folder;
  const auto csv = folder.path("course.csv");
  const auto run =
    load(url_of(mock), {"--rate", "200", "--duration", "60s", "--stop-errors", "10%", "--csv", csv});
  CHECK_EQ(run.code, 1);
  CHECK(run.adds_up());
  CHECK(run.at({"requests", "intended"}) < 10'000);
  CHECK(!run.report.at("stopped_by").as_string().empty());
  std::ifstream file{csv};
  std::string head;
  std::string line;
  CHECK(std::getline(file, head) && std::getline(file, line));
  CHECK(head.starts_with("run,at_s,") && line.starts_with("1,1,"));
  mock_llm_process slow{{"--latency", "100ms"}};
  const auto late = load(url_of(slow), {"--rate", "100", "--duration", "60s", "--stop-p99", "50ms"});
  CHECK_EQ(late.code, 1);
}

TEST("headers are sent as given, and answers to HEAD have no body") {
  mock_llm_process guarded{{"--api-key", "secret"}};
  const auto named = load(url_of(guarded), {"--rate", "50", "--duration", "200ms", "--header", "X-First: 1",
                                            "--header", "Authorization: Bearer secret"});
  CHECK_EQ(named.at({"statuses", "200"}), 10);
  const auto unnamed = load(url_of(guarded), {"--rate", "50", "--duration", "200ms"});
  CHECK_EQ(unnamed.at({"statuses", "401"}), 10);
  raw_server heads{[](raw_connection& connection) {
    while (connection.read_request().starts_with("HEAD "))
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  }};
  const auto run = load(heads.url(), {"--rate", "50", "--duration", "200ms", "--method", "HEAD"});
  CHECK_EQ(run.at({"statuses", "200"}), 10);
}

TEST("wrong usage, other machines and limits have exit code 2") {
  const std::string here = "http://127.0.0.1:9";
  CHECK_EQ(exit_code({"load", here}), 2);
  CHECK_EQ(exit_code({"load", "--rate", "1"}), 2);
  CHECK_EQ(exit_code({"load", "https://127.0.0.1", "--rate", "1"}), 2);
  for (const auto* rate : {"0", "200001", "-1", "nan", "1,x"})
    CHECK_EQ(exit_code({"load", here, "--rate", rate}), 2);
  for (const auto* time : {"0", "61m", "soon"})
    CHECK_EQ(exit_code({"load", here, "--rate", "1", "--duration", time}), 2);
  CHECK_EQ(exit_code({"load", here, "--rate", "1", "--header", "Host: x"}), 2);
  CHECK_EQ(exit_code({"load", here, "--rate", "1", "--method", "G T"}), 2);
  CHECK_EQ(exit_code({"load", here, "--rate", "1", "--connections", "0"}), 2);
  CHECK_EQ(exit_code({"load", "http://203.0.113.1", "--rate", "1", "--duration", "100ms"}), 2);
  CHECK_EQ(exit_code({"load", here, "--rate", "1", "--body", "/no/such/file"}), 2);
  CHECK_EQ(exit_code({"load", here, "--rate", "1", "--closed", "1"}), 2);
  CHECK_EQ(exit_code({"load", here, "--closed", "1", "--poisson"}), 2);
  CHECK_EQ(exit_code({"load", here, "--schedule", "1@1s,"}), 2);
  CHECK_EQ(exit_code({"load", here, "--schedule", "1@1s", "--duration", "1s"}), 2);
  CHECK_EQ(exit_code({"load", here, "--rate", "1", "--watch-pid", "2147483647"}), 2);
  CHECK_EQ(exit_code({"load", "--help"}), 0);
}
