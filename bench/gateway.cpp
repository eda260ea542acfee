// What stands between a client and a model costs how much: nothing, nginx as a reverse proxy, this gateway
// without checks, and with the checks that are on by default. One run, in turns, so that the machine's moods
// fall on all of them alike. What is measured has the first core for itself; model and generator share the
// others. Throughput is wrk's with 64 connections, latency that of `guardrails load` at a constant rate.
#include "tests/mock_llm_process.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <regex>
#include <sched.h>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* program = GUARDRAILS_BINARY_DIR "/apps/guardrails";
constexpr int steady_rate = 1000; // requests a second, for latency

constexpr const char* question =
  "We are writing a short guide for new colleagues about how our warehouse counts its stock. Could you "
  "explain "
  "in a few plain sentences what the difference between a periodic and a perpetual inventory is, which of "
  "the "
  "two needs fewer people at the end of a quarter, and what a small company should think about before it "
  "changes from one to the other? Please keep it friendly, and end with one example from a bakery.";
constexpr const char* answer =
  "A periodic inventory counts everything at fixed dates, a perpetual one keeps a running total with every "
  "delivery and sale. The second needs fewer hands at the end of a quarter, but more care every day. Before "
  "a "
  "change, look at how goods are labelled, who enters what is broken or returned, and how often the shelves "
  "are compared with the books. A bakery may well count flour once a month and note each cake as it is sold.";

/// Processes started while it lives run on these cores.
class on_cores {
public:
  explicit on_cores(int first, int last) {
    CPU_ZERO(&before_);
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t wanted;
    CPU_ZERO(&wanted);
    for (int core = first; core <= last; ++core)
      CPU_SET(static_cast<unsigned>(core), &wanted);
    sched_setaffinity(0, sizeof wanted, &wanted);
  }
  ~on_cores() { sched_setaffinity(0, sizeof before_, &before_); }
  on_cores(const on_cores&) = delete;
  on_cores& operator=(const on_cores&) = delete;

private:
  cpu_set_t before_;
};

int last_core() {
  return std::max(static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)) - 1, 0);
}

std::optional<fs::path> installed(const std::string& name) {
  std::stringstream folders{std::string{std::getenv("PATH") ? std::getenv("PATH") : ""} + ":/usr/sbin"};
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const auto file = fs::path{folder} / name; fs::exists(file))
      return file;
  return std::nullopt;
}

/// Of all threads of a process, in seconds.
double processor_seconds(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
  std::string all{std::istreambuf_iterator<char>{file}, {}};
  std::istringstream fields{all.substr(all.rfind(')') + 2)};
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    fields >> skipped;
  double user = 0;
  double kernel = 0;
  fields >> user >> kernel;
  return (user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct sample {
  double throughput = 0; // requests/s
  double processor = 0;  // microseconds a request
  double p50 = 0;        // ms
  double p99 = 0;        // ms
};

struct target {
  std::string name;
  std::uint16_t port = 0;
  pid_t process = -1;
  std::vector<sample> samples;
};

std::string request_body() {
  return json::serialize(json::object{
    {"model", "mock"}, {"messages", json::array{json::object{{"role", "user"}, {"content", question}}}}});
}

std::string url_of(const target& t) {
  return "http://127.0.0.1:" + std::to_string(t.port) + "/v1/chat/completions";
}

/// Requests a second with 64 connections; ends the program when an answer was none.
double saturate(const fs::path& wrk, const std::string& script, const target& t, int seconds) {
  const on_cores others{std::min(1, last_core()), last_core()};
  test::child_process generator{
    wrk, {"-t1", "-c64", "-d" + std::to_string(seconds) + "s", "-s", script, url_of(t)}};
  generator.wait(std::chrono::seconds{seconds + 30});
  const auto said = generator.output();
  std::smatch found;
  if (said.find("Non-2xx") != std::string::npos || said.find("Socket errors") != std::string::npos ||
      !std::regex_search(said, found, std::regex{R"(Requests/sec:\s+([0-9.]+))"})) {
    std::fprintf(stderr, "%s did not answer every request:\n%s", t.name.c_str(), said.c_str());
    std::exit(1);
  }
  return std::stod(found[1]);
}

void walk(const std::string& body, const target& t, int seconds, sample& to) {
  const on_cores others{std::min(1, last_core()), last_core()};
  test::child_process generator{program,
                                {"load", url_of(t), "--body", body, "--rate", std::to_string(steady_rate),
                                 "--duration", std::to_string(seconds) + "s", "--connections", "64",
                                 "--json"}};
  generator.wait(std::chrono::seconds{seconds + 30});
  const auto report = json::parse(generator.output());
  to.p50 = report.at_pointer("/latency_2xx_ms/p50").to_number<double>();
  to.p99 = report.at_pointer("/latency_2xx_ms/p99").to_number<double>();
}

double median(const target& t, double sample::*figure) {
  std::vector<double> all;
  for (const auto& s : t.samples)
    all.push_back(s.*figure);
  std::ranges::sort(all);
  return all.empty() ? 0 : all[all.size() / 2];
}

std::string nginx_configuration(const fs::path& folder, std::uint16_t listen, std::uint16_t upstream) {
  std::ostringstream text;
  text
    << "daemon off;\nmaster_process off;\nworker_processes 1;\npid " << (folder / "nginx.pid").string()
    << ";\nerror_log " << (folder / "error.log").string()
    << ";\nevents { worker_connections 1024; }\nhttp {\n  access_log off;\n  keepalive_requests 1000000;\n";
  for (const auto* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    text << "  " << kind << "_temp_path " << (folder / kind).string() << ";\n";
  text << "  upstream model { server 127.0.0.1:" << upstream
       << "; keepalive 128; keepalive_requests 1000000; }\n  server {\n    listen 127.0.0.1:" << listen
       << ";\n    location / {\n      proxy_pass http://model;\n      proxy_http_version 1.1;\n"
          "      proxy_set_header Connection \"\";\n    }\n  }\n}\n";
  return text.str();
}

/// A port that was free a moment ago: nginx cannot tell which one it got.
std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

void wait_until_it_listens(std::uint16_t port) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto answered = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    if (answered)
      return;
    std::this_thread::sleep_for(25ms);
  }
  std::fprintf(stderr, "nginx does not listen\n");
  std::exit(1);
}

std::string configuration(const test::mock_llm_process& model, const char* rails) {
  return "llm: {engine: openai_compatible, base_url: '" + model.base_url() +
         "', model: mock, pool: {max_connections: 128}}\n" + rails;
}

void print(const target& t, const target& reference) {
  const auto compared = [&](double sample::*figure) {
    return median(reference, figure) > 0 ? median(t, figure) / median(reference, figure) : 0;
  };
  std::printf("%-24s %8.0f/s (%5.2f x nginx)  %6.1f us CPU a request  p50 %6.3f ms (%5.2f x)  p99 %6.3f ms "
              "(%5.2f x)\n",
              t.name.c_str(), median(t, &sample::throughput), compared(&sample::throughput),
              median(t, &sample::processor), median(t, &sample::p50), compared(&sample::p50),
              median(t, &sample::p99), compared(&sample::p99));
}

} // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 3;
  const int seconds = argc > 2 ? std::max(std::atoi(argv[2]), 1) : 3;
  const auto wrk = installed("wrk");
  const auto nginx = installed("nginx");
  if (!wrk || !nginx) {
    std::fprintf(stderr, "needs wrk and nginx (Debian's packages of these names)\n");
    return 2;
  }
  test::scratch_folder folder;
  const auto body = folder.file("body.json", request_body());
  const auto script = folder.file("post.lua", "wrk.method = 'POST'\nwrk.headers['Content-Type'] = "
                                              "'application/json'\nlocal f = io.open('" +
                                                body + "')\nwrk.body = f:read('a')\nf:close()\n");
  std::optional<test::mock_llm_process> model;
  {
    const on_cores others{std::min(1, last_core()), last_core()};
    model.emplace(std::vector<std::string>{"--answer", answer});
  }

  std::vector<target> targets(4);
  targets[0] = {"model itself", model->port(), model->process().id(), {}};
  const on_cores first{0, 0};
  const auto nginx_port = free_port();
  const auto root = fs::path{body}.parent_path();
  const auto proxy_file = folder.file("nginx.conf", nginx_configuration(root, nginx_port, model->port()));
  test::child_process proxy{*nginx, {"-p", root.string(), "-c", proxy_file}};
  wait_until_it_listens(nginx_port);
  targets[1] = {"nginx, reverse proxy", nginx_port, proxy.id(), {}};

  const auto off = folder.file(
    "off.yml", configuration(*model, "guardrails: {input_checks: false, output_checks: false}\n"));
  const auto on = folder.file("on.yml", configuration(*model, ""));
  std::vector<std::unique_ptr<test::child_process>> gateways;
  for (const auto& [name, file] :
       {std::pair{"gateway, checks off", off}, std::pair{"gateway, default", on}}) {
    auto& started = gateways.emplace_back(std::make_unique<test::child_process>(
      program, std::vector<std::string>{"serve", "--listen", "127.0.0.1:0", "--config", file}));
    const auto line = started->wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s);
    targets[1 + gateways.size()] = {name, static_cast<std::uint16_t>(std::stoi(line[1])), started->id(), {}};
  }

  for (const auto& t : targets)
    saturate(*wrk, script, t, 1);
  for (int round = 0; round < rounds; ++round)
    for (auto& t : targets) {
      sample s;
      const auto before = processor_seconds(t.process);
      s.throughput = saturate(*wrk, script, t, seconds);
      s.processor = (processor_seconds(t.process) - before) * 1e6 / (s.throughput * seconds);
      walk(body, t, seconds, s);
      t.samples.push_back(s);
    }
  for (const auto& t : targets)
    print(t, targets[1]);
  return 0;
}
