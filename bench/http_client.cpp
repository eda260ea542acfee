// The HTTP client alone in a closed loop against mock-llm: requests per second and CPU per request.
//
// usage: bench_http_client [seconds per row]
#include "net/http_client.hpp"
#include "tests/mock_llm_process.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <future>
#include <string>
#include <vector>

namespace {

using namespace guardrails;
using steady = std::chrono::steady_clock;

struct row {
  double requests_per_second = 0;
  double cpu_us = 0;
  std::uint64_t connections = 0;
  std::uint64_t failed = 0;
};

double process_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

net::http_request request_to(const std::string& url, std::uint64_t ticket) {
  net::http_request request;
  request.ticket = ticket;
  request.url = url;
  request.headers = {"Content-Type: application/json", "Authorization: Bearer sk-bench"};
  request.body =
    R"({"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful assistant that )"
    R"(answers briefly and names its sources."},{"role":"user","content":"What is the capital of France, )"
    R"(and how many people lived there according to the last census?"}],"temperature":0.2})";
  return request;
}

row measure(const std::string& url, std::uint32_t connections, double seconds) {
  net::http_client client{connections};
  std::promise<void> done;
  std::uint64_t answered = 0, failed = 0, under_way = connections, next = connections;
  const auto begin = steady::now();
  const auto end =
    begin + std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>{seconds});
  const auto cpu_begin = process_cpu_seconds();
  // Each answer sends the next request, so `connections` of them are always under way.
  client.reset([&](std::vector<net::http_response> batch) {
    const bool over = steady::now() >= end;
    for (const auto& response : batch) {
      ++answered;
      failed += response.status != 200;
      if (over)
        --under_way;
      else
        client.submit(request_to(url, ++next));
    }
    if (under_way == 0)
      done.set_value();
  });
  for (std::uint64_t ticket = 1; ticket <= connections; ++ticket)
    client.submit(request_to(url, ticket));
  done.get_future().wait();
  const auto time = std::chrono::duration<double>(steady::now() - begin).count();
  const auto count = static_cast<double>(answered);
  return {count / time, (process_cpu_seconds() - cpu_begin) / count * 1e6,
          client.counters().connections_opened, failed};
}

} // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
  test::mock_llm_process mock;
  const auto url = mock.base_url() + "/chat/completions";
  std::printf("%12s %12s %12s %12s %8s\n", "connections", "requests/s", "CPU us/req", "opened", "failed");
  for (const std::uint32_t connections : {16u, 64u, 128u}) {
    const auto result = measure(url, connections, seconds);
    std::printf("%12u %12.0f %12.1f %12llu %8llu\n", connections, result.requests_per_second, result.cpu_us,
                static_cast<unsigned long long>(result.connections),
                static_cast<unsigned long long>(result.failed));
  }
}
