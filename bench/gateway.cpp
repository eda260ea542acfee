// What stands between a client and its model, and what that costs: nothing, nginx, this gateway without
// checks, and with those that are on by default. In turn, several rounds, on one machine. What is measured
// has one core, model and clients the other.
#include "bench/closed_loop.hpp"
#include "bench/nginx_process.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/scratch_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sched.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;

constexpr const char* program = GUARDRAILS_BINARY_DIR "/apps/guardrails";

/// One way to the model.
struct way {
  std::string name;
  std::uint16_t port = 0;
  pid_t process = -1; ///< in between; -1: nobody
  std::vector<double> per_second{}, p50{}, p99{}, cpu{};
};

/// Keeps this process, and what it starts, on one core; false where there is no second one.
bool stay_on(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<std::size_t>(core), &cores);
  return sched_setaffinity(0, sizeof cores, &cores) == 0;
}

/// What a command begins with to run on a core.
std::vector<std::string> on_core(int core) {
  return {"/usr/bin/taskset", "-c", std::to_string(core)};
}

// Ordinary texts, which no default check minds: 381 bytes, and 307 that make an answer of about 600.
constexpr const char* question = "I am planning a weekend in Lisbon with my parents, who like gardens, old "
                                 "trams and grilled fish. We arrive on "
                                 "Friday in the afternoon and fly home on Sunday evening. Could you suggest "
                                 "a plan for each day, with short walks, "
                                 "a museum for a rainy hour and two restaurants that are not too loud? "
                                 "Please keep the distances small and tell me "
                                 "which tickets we should buy before we travel.";
constexpr const char* suggestion =
  "On Friday, settle in and take a short walk through the Estrela garden before dinner in Campo de Ourique. "
  "On "
  "Saturday, ride tram 28 early, see the tile museum around noon and rest by the river in the afternoon. On "
  "Sunday, "
  "visit the botanical garden and have lunch in Alcantara. Buy the museum tickets online.";

constexpr const char* request_line = "POST /v1/chat/completions";

std::string body_text() {
  return std::string{R"({"model":"mock","messages":[{"role":"user","content":")"} + question + "\"}]}";
}

std::string request_text() {
  const auto body = body_text();
  return std::string{request_line} +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Throws where a way does not lead to the model: a refusal costs less than an answer.
void require_answer(const way& one) {
  const auto answer = test::ask_loopback(one.port, request_line, body_text());
  if (answer.find(suggestion) == std::string::npos)
    throw std::runtime_error{one.name + " does not answer with the model's text: " + answer};
}

/// Seconds of processor time.
double cpu_seconds(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
  std::string text;
  std::getline(file, text);
  std::istringstream rest{text.substr(std::min(text.rfind(')') + 2, text.size()))};
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    rest >> skipped;
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

/// `guardrails serve` on a core of its own.
class gateway_process {
public:
  gateway_process(const std::string& base_url, const std::string& rails)
    : config_{folder_.file("c.yml", "llm: {engine: openai_compatible, base_url: '" + base_url +
                                      "', model: mock}\nguardrails: {" + rails + "}\n")}
    , child_{"/usr/bin/taskset",
             {"-c", "0", program, "serve", "--listen", "127.0.0.1:0", "--threads", "1", "--config", config_}}
    , port_{static_cast<std::uint16_t>(
        std::stoi(child_.wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s)[1]))} {}

  way as(const std::string& name) const { return {name, port_, child_.id()}; }

private:
  test::scratch_folder folder_;
  std::string config_;
  test::child_process child_;
  std::uint16_t port_;
};

void measure(way& one, const std::string& request, int connections, std::chrono::milliseconds time) {
  const auto before = one.process > 0 ? cpu_seconds(one.process) : 0;
  const auto run = bench::run_closed_loop(one.port, request, connections, time);
  if (run.failed > 0)
    std::printf("%s: %llu requests failed\n", one.name.c_str(), static_cast<unsigned long long>(run.failed));
  one.per_second.push_back(run.per_second);
  one.p50.push_back(run.p50);
  one.p99.push_back(run.p99);
  // The warm-up is as long as the run, or a second.
  const auto measured =
    std::chrono::duration<double>(time) / std::chrono::duration<double>(time + std::min(time, 1000ms));
  if (one.process > 0)
    one.cpu.push_back((cpu_seconds(one.process) - before) * measured /
                      static_cast<double>(std::max<std::uint64_t>(run.answered, 1)) * 1e6);
}

void print(const way& one, const way* nginx) {
  std::printf("%-28s %8.0f %8.3f %8.3f", one.name.c_str(), median(one.per_second), median(one.p50),
              median(one.p99));
  if (one.process > 0)
    std::printf(" %8.1f", median(one.cpu));
  else
    std::printf(" %8s", "-");
  if (nginx)
    std::printf(" %10.2f", median(one.per_second) / median(nginx->per_second));
  if (nginx && one.process > 0)
    std::printf(" %10.2f", median(one.cpu) / median(nginx->cpu));
  std::printf("\n");
}

void compare(std::vector<way> ways, const std::string& request, int connections, int rounds,
             std::chrono::milliseconds time) {
  for (int i = 0; i < rounds; ++i)
    for (auto& one : ways)
      measure(one, request, connections, time);
  const auto found = std::ranges::find(ways, "nginx", &way::name);
  std::printf("\n%-28s %8s %8s %8s %8s %10s %10s\n", (std::to_string(connections) + " connections").c_str(),
              "req/s", "p50 ms", "p99 ms", "us CPU", "x nginx", "x its CPU");
  for (const auto& one : ways)
    print(one, found == ways.end() ? nullptr : &*found);
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  const auto time = std::chrono::milliseconds{argc > 1 ? std::max(std::atoi(argv[1]), 100) : 2000};
  const int rounds = argc > 2 ? std::max(std::atoi(argv[2]), 1) : 5;
  if (!stay_on(1)) {
    std::puts("This takes two cores: one for what is measured, one for model and clients.");
    return 1;
  }
  test::mock_llm_process mock{{"--answer", suggestion}};
  std::unique_ptr<bench::nginx_process> nginx;
  if (bench::find_nginx().empty())
    std::puts("nginx is not installed: the comparison is without it.");
  else
    nginx = std::make_unique<bench::nginx_process>(mock.port(), on_core(0));
  const gateway_process open{mock.base_url(), "input_checks: false, output_checks: false"};
  const gateway_process guarded{mock.base_url(), "check_sensitive_data: true"};
  std::vector<way> ways{{"direct", mock.port()}};
  if (nginx)
    ways.push_back({"nginx", nginx->port(), nginx->id()});
  ways.push_back(open.as("gateway, checks off"));
  ways.push_back(guarded.as("gateway, default checks"));
  const auto request = request_text();
  std::ranges::for_each(ways, require_answer);
  for (const int connections : {64, 1})
    compare(ways, request, connections, connections == 1 ? 1 : rounds, time);
  return 0;
}
