// A gateway asked for more than it may take: what it still answers, how it refuses, and what that costs those
// it serves. Gateway, model and generator are processes of this machine.
#include "tests/mock_llm_process.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;
namespace json = boost::json;

constexpr const char* program = GUARDRAILS_BINARY_DIR "/apps/guardrails";
constexpr int capacity = 4000; // 200 requests of 50 ms

struct run {
  double goodput = 0;
  double p99 = 0; // ms, of what was answered 2xx
  std::int64_t refused = 0;
  std::int64_t wrongly = 0; // refused without Retry-After, answered with something else, or not at all
  double resident = 0;      // MB, of the gateway, afterwards
  bool generator_was_bottleneck = false;
};

double resident_megabytes(pid_t process) {
  std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:"))
      return std::stod(line.substr(6)) / 1024;
  return 0;
}

run load(std::uint16_t port, pid_t gateway, int rate, int seconds) {
  test::child_process generator{program,
                                {"load", "http://127.0.0.1:" + std::to_string(port), "--rate",
                                 std::to_string(rate), "--duration", std::to_string(seconds) + "s",
                                 "--connections", "2000", "--json"}};
  generator.wait(std::chrono::seconds{seconds + 30});
  const auto report = json::parse(generator.output());
  const auto number = [&](const char* path) { return report.at_pointer(path).to_number<double>(); };
  run result{number("/goodput"), number("/latency_2xx_ms/p99")};
  auto proper = std::int64_t{0};
  for (const auto* status : {"429", "503"})
    result.refused += report.at("refusals").at(status).at("with_retry_after").to_number<std::int64_t>();
  if (const auto* ok = report.at("statuses").as_object().if_contains("200"))
    proper = ok->to_number<std::int64_t>();
  result.wrongly = static_cast<std::int64_t>(number("/requests/intended")) - proper - result.refused;
  result.resident = resident_megabytes(gateway);
  result.generator_was_bottleneck = report.at("generator").at("bottleneck").as_bool();
  return result;
}

void print(const char* what, int rate, const run& r) {
  std::printf("%-12s %6d/s: %5.0f/s answered, p99 %6.1f ms, %6lld refused with Retry-After, %lld otherwise, "
              "%5.1f MB%s\n",
              what, rate, r.goodput, r.p99, static_cast<long long>(r.refused),
              static_cast<long long>(r.wrongly), r.resident,
              r.generator_was_bottleneck ? " (the generator was late)" : "");
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  const int seconds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 10;
  test::scratch_folder folder;
  test::mock_llm_process mock{{"--latency", "50ms"}};
  const auto config =
    folder.file("c.yml", "llm: {engine: openai_compatible, base_url: '" + mock.base_url() +
                           "', model: mock, pool: {max_connections: 64}}\nguardrails: {check_sensitive_data: "
                           "true}\n");
  test::child_process gateway{
    program, {"serve", "--listen", "127.0.0.1:0", "--config", config, "--max-in-flight", "200"}};
  const auto line = gateway.wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s);
  const auto port = static_cast<std::uint16_t>(std::stoi(line[1]));
  const auto at = [&](const char* what, int rate) {
    const auto result = load(port, gateway.id(), rate, seconds);
    print(what, rate, result);
    return result;
  };
  at("warm-up", capacity / 2);
  const auto half = at("half", capacity / 2);
  const auto full = at("full", capacity);
  const auto triple = at("three times", 3 * capacity);
  const auto again = at("once more", 3 * capacity);
  const auto peak = std::max({half.goodput, full.goodput, triple.goodput, again.goodput});
  std::printf("goodput at three times the load: %.0f %% of peak (limit 90 %%); p99 of what is answered: %.2f "
              "times that at half load (limit 3); memory from one flood to the next: %+.1f %%\n",
              100 * again.goodput / peak, again.p99 / half.p99, 100 * (again.resident / triple.resident - 1));
  return 0;
}
